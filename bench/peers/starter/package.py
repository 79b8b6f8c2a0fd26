"""The starter's one protobuf message, ``Package { bytes SerializedEntity = 1; }``, without a code generator."""
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory


def _package():
    file = descriptor_pb2.FileDescriptorProto(name="evaluation.proto", package="evaluation", syntax="proto3")
    message = file.message_type.add(name="Package")
    message.field.add(
        name="SerializedEntity",
        number=1,
        type=descriptor_pb2.FieldDescriptorProto.TYPE_BYTES,
        label=descriptor_pb2.FieldDescriptorProto.LABEL_OPTIONAL,
    )
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.MessageFactory(pool).GetPrototype(pool.FindMessageTypeByName("evaluation.Package"))


Package = _package()
METHOD = "/evaluation.Environment/act_on_environment"
