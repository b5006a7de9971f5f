using System.Diagnostics.CodeAnalysis;

namespace StellarPay.Grains.Results;

/// <summary>A value, or the error that stands in its place.</summary>
/// <typeparam name="T">The value's type.</typeparam>
[GenerateSerializer, Immutable, Alias("sp.Result`1")]
public sealed record Result<T>
{
    /// <summary>The value; null where <see cref="Error"/> is set.</summary>
    [Id(0)]
    public T? Value { get; init; }

    /// <summary>The failure; null where it succeeded.</summary>
    [Id(1)]
    public Error? Error { get; init; }

    /// <summary>Whether there is a value.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsSuccess => Error is null;

    /// <summary>A success.</summary>
    public static implicit operator Result<T>(T value) => new() { Value = value };

    /// <summary>A failure.</summary>
    public static implicit operator Result<T>(Error error) => new() { Error = error };
}
