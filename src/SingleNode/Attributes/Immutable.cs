namespace Orleans.Concurrency;

/// <summary>A value that the sender promises not to change.</summary>
[GenerateSerializer, Immutable]
public readonly struct Immutable<T>(T value)
{
    [Id(0)]
    public readonly T Value = value;
}
