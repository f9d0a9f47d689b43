"""Reads a folder as TensorBoard does and prints what it found as one JSON object: read.py FOLDER"""
import json
import sys

from tensorboard.backend.event_processing import event_accumulator, plugin_event_accumulator
from tensorboard.plugins.hparams import metadata as hparams
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData
from tensorboard.util import tensor_util
from google.protobuf.json_format import MessageToDict

folder = sys.argv[1]
everything = {event_accumulator.SCALARS: 0, event_accumulator.IMAGES: 0, event_accumulator.HISTOGRAMS: 0, event_accumulator.TENSORS: 0}
old = event_accumulator.EventAccumulator(folder, size_guidance=everything)
old.Reload()
new = plugin_event_accumulator.EventAccumulator(folder, size_guidance={plugin_event_accumulator.TENSORS: 0})
new.Reload()


def plain(array):
    return [x.decode() for x in array.reshape(-1).tolist()]


def content(tag):
    data = HParamsPluginData.FromString(new.SummaryMetadata(tag).plugin_data.content)
    return MessageToDict(data, preserving_proto_field_name=True)


print(json.dumps({
    "scalars": {tag: [[e.wall_time, e.step, e.value] for e in old.Scalars(tag)] for tag in old.Tags()["scalars"]},
    "images": {tag: [[e.step, e.width, e.height, len(e.encoded_image_string)] for e in old.Images(tag)] for tag in old.Tags()["images"]},
    "histograms": {tag: [[e.step, e.histogram_value.min, e.histogram_value.max, list(e.histogram_value.bucket_limit), list(e.histogram_value.bucket)] for e in old.Histograms(tag)] for tag in old.Tags()["histograms"]},
    "text": {tag: [[e.step, plain(tensor_util.make_ndarray(e.tensor_proto))] for e in new.Tensors(tag)]
             for tag in new.PluginTagToContent("text")} if "text" in new.ActivePlugins() else {},
    # As its own plugins see it, after everything was turned into tensors.
    "migrated": {plugin: sorted(new.PluginTagToContent(plugin)) for plugin in sorted(new.ActivePlugins())},
    "hparams": {tag: content(tag) for tag in new.PluginTagToContent(hparams.PLUGIN_NAME)} if hparams.PLUGIN_NAME in new.ActivePlugins() else {},
}))
