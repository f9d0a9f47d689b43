"""Prints what TensorBoard's HParams tab shows of the runs in a folder: hparams.py FOLDER"""
import json
import sys

from google.protobuf.json_format import MessageToDict
from tensorboard import context
from tensorboard.backend.event_processing import data_provider, plugin_event_multiplexer
from tensorboard.plugins import base_plugin
from tensorboard.plugins.hparams import api_pb2, backend_context, get_experiment, list_session_groups

multiplexer = plugin_event_multiplexer.EventMultiplexer()
multiplexer.AddRunsFromDirectory(sys.argv[1])
multiplexer.Reload()
provider = data_provider.MultiplexerDataProvider(multiplexer, sys.argv[1])
tab = backend_context.Context(base_plugin.TBContext(data_provider=provider))
request = context.RequestContext()
experiment = get_experiment.Handler(request, tab, "runs", api_pb2.GetExperimentRequest()).run()
metrics = [info.name for info in experiment.metric_infos]
asked = api_pb2.ListSessionGroupsRequest(
    slice_size=100, allowed_statuses=api_pb2.Status.values(), col_params=[api_pb2.ColParams(metric=metric) for metric in metrics])
groups = list_session_groups.Handler(request, tab, "runs", asked).run()
print(json.dumps({
    "hparams": sorted(info.name for info in experiment.hparam_infos),
    "metrics": sorted({metric.tag for metric in metrics}),
    "runs": {session.name: {
        "hparams": MessageToDict(group)["hparams"],
        "status": api_pb2.Status.Name(session.status),
        "metrics": {value.name.tag: value.value for value in session.metric_values},
    } for group in groups.session_groups for session in group.sessions},
}))
