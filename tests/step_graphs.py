"""The operations that a training step is made of, and where a GPU would have them."""

from __future__ import annotations

from collections.abc import Iterator

import tensorflow as tf
from tensorflow.python.framework import kernels

from gan.messages.status import Part
from gan.model.devices import HOST
from gan.model.trainer import Trainer


def operations(trainer: Trainer) -> list[tf.Operation]:
    """Those of one step, as traced: before TensorFlow makes them quicker."""
    step = tf.function(lambda: trainer._advance(Part.BOTH), autograph=False)
    return step.get_concrete_function().graph.get_operations()


class GpuKernel:
    """TensorFlow's way to do `operation` on a GPU; `is_there` is false if it has none."""

    def __init__(self, operation: tf.Operation) -> None:
        self._operation = operation
        self._found = next(filter(self._fits, _registered(operation.type)), None)

    @property
    def is_there(self) -> bool:
        return self._found is not None

    def inputs_on_host(self) -> Iterator[tf.Tensor]:
        """What it reads from the host's memory, handles of variables left out."""
        first = 0
        for argument in self._operation.op_def.input_arg:
            end = first + self._width(argument)
            if argument.name in self._found.host_memory_arg:
                tensors = self._operation.inputs[first:end]
                yield from (tensor for tensor in tensors if tensor.dtype != tf.resource)
            first = end

    def writes_to_host(self, output: int) -> bool:
        """Whether its output of this place lies in the host's memory."""
        first = 0
        for argument in self._operation.op_def.output_arg:
            first += self._width(argument)
            if output < first:
                return argument.name in self._found.host_memory_arg
        raise IndexError(output)

    def _width(self, argument: object) -> int:
        """How many tensors an argument stands for."""
        if argument.number_attr:
            return self._operation.get_attr(argument.number_attr)
        if argument.type_list_attr:
            return len(self._operation.get_attr(argument.type_list_attr))
        return 1

    def _fits(self, kernel: object) -> bool:
        return all(
            self._operation.get_attr(constraint.name).as_datatype_enum
            in constraint.allowed_values.list.type
            for constraint in kernel.constraint
        )


def _registered(kind: str) -> list[object]:
    """Kernels for GPUs, those for any device last."""
    found = kernels.get_registered_kernels_for_op(kind).kernel
    return [each for device in ("GPU", "DEFAULT") for each in found if each.device_type == device]


def is_on_host(operation: tf.Operation) -> bool:
    """Whether it was placed there."""
    return operation.device.endswith(f"device:{HOST}")


def fetched(operation: tf.Operation) -> list[tf.Tensor]:
    """What the host may have to wait for: numbers of the GPU's that it reads."""
    read = operation.inputs if is_on_host(operation) else GpuKernel(operation).inputs_on_host()
    return [tensor for tensor in read if not _lies_on_host(tensor)]


def _lies_on_host(tensor: tf.Tensor) -> bool:
    maker = tensor.op
    if tensor.dtype == tf.resource or maker.type == "Const" or is_on_host(maker):
        return True
    return GpuKernel(maker).writes_to_host(tensor.value_index)
