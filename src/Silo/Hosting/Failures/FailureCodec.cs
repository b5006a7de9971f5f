using System.Buffers;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.GeneratedCodeHelpers;
using Orleans.Serialization.Serializers;
using Orleans.Serialization.WireProtocol;
using StellarPay.Adapters.Failures;

namespace StellarPay.Silo.Hosting.Failures;

/// <summary>
/// The net below the call filter and the guarded storage: an exception that leaves a silo another way (a grain that cannot be
/// made, a cause inside one of Orleans' own exceptions) and that Orleans has no codec for is written as one of ours. The
/// caller needs no codec of this kind: what it reads is ours.
/// </summary>
internal sealed class FailureCodec : IGeneralizedCodec
{
    // Orleans writes these itself, unless they carry more than a message.
    private static readonly string[] OrleansWrites = ["System", "Microsoft"];

    public bool IsSupportedType(Type type) =>
        typeof(Exception).IsAssignableFrom(type)
        && (type == typeof(HttpRequestException) || !OrleansWrites.Contains(type.Namespace?.Split('.')[0]));

    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, object? value)
        where TBufferWriter : IBufferWriter<byte>
    {
        if (value is null)
        {
            ReferenceCodec.WriteNullReference(ref writer, fieldIdDelta);
            return;
        }

        var cause = (Exception)value;
        writer.SerializeUnexpectedType(
            fieldIdDelta, expectedType, CallFailures.Travelling(cause, AdapterFailures.Passes(cause), request: null));
    }

    public object? ReadValue<TInput>(ref Reader<TInput> reader, Field field) =>
        throw new NotSupportedException("Exceptions of this kind are never written.");
}
