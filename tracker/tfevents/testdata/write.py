"""Writes event files with TensorBoard's own writer, in the forms of PyTorch and of TensorFlow 2: write.py torch|tf2 FOLDER"""
import sys

import numpy as np
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import HistogramProto, Summary, SummaryMetadata
from tensorboard.plugins.hparams import api_pb2, plugin_data_pb2, summary_v2
from tensorboard.plugins.histogram import metadata as histogram_metadata
from tensorboard.plugins.image import metadata as image_metadata
from tensorboard.plugins.scalar import metadata as scalar_metadata
from tensorboard.plugins.text import metadata as text_metadata
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from tensorboard.util import tensor_util

form, folder = sys.argv[1:]
writer = EventFileWriter(folder)
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000002000000030802000000")
PARAMS = {"lr": 5e-5, "model": "t5", "fp16": True}


def add(step, **fields):
    writer.add_event(Event(wall_time=1700000000.25 + step, step=step, summary=Summary(value=[Summary.Value(**fields)])))


def torch():
    for step, loss in enumerate([2.5, 0.1, float("nan"), float("inf")]):
        add(step, tag="Training Loss", simple_value=loss)
    metadata = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name="text", content=b""))
    add(2, tag="summary/text_summary", metadata=metadata, tensor=tensor_util.make_tensor_proto(np.array([b"a **paper**"], dtype=object)))
    add(3, tag="picture", image=Summary.Image(height=3, width=2, colorspace=3, encoded_image_string=PNG))
    add(4, tag="weights", histo=HistogramProto(min=-1, max=2, num=6, sum=3, sum_squares=9, bucket_limit=[0, 1, 2], bucket=[1, 2, 3]))
    for value in summary_v2.hparams_pb(PARAMS, start_time_secs=1700000000).value:
        add(0, tag=value.tag, metadata=value.metadata)
    end = plugin_data_pb2.SessionEndInfo(status=api_pb2.STATUS_SUCCESS, end_time_secs=1700000060)
    data = plugin_data_pb2.HParamsPluginData(session_end_info=end).SerializeToString()
    metadata = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name="hparams", content=data))
    add(0, tag="_hparams_/session_end_info", metadata=metadata)


def tf2():
    scalar, text, histogram, image = [
        plugin.create_summary_metadata("", "") for plugin in (scalar_metadata, text_metadata, histogram_metadata, image_metadata)]
    for step, loss in enumerate([2.5, 0.1, 0.0]):  # the plugin is named once
        extra = {"metadata": scalar} if step == 0 else {}
        add(step, tag="epoch_loss", tensor=tensor_util.make_tensor_proto(np.float32(loss)), **extra)
    for step, body in enumerate([b"first", b"second"]):
        extra = {"metadata": text} if step == 0 else {}
        add(step, tag="notes", tensor=tensor_util.make_tensor_proto(np.array(body, dtype=object)), **extra)
    rows = np.array([[0.0, 1.0, 4.0], [1.0, 2.0, 0.0], [2.0, 3.0, 5.0]])
    add(4, tag="weights", metadata=histogram, tensor=tensor_util.make_tensor_proto(rows))
    add(5, tag="pictures", metadata=image, tensor=tensor_util.make_tensor_proto(np.array([b"2", b"3", PNG, PNG], dtype=object)))
    writer.add_event(Event(step=6, graph_def=b"a graph"))


{"torch": torch, "tf2": tf2}[form]()
writer.close()
