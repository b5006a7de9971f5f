using StellarPay.Stellar.Xdr;

namespace StellarPay.Bench.Fuzzing;

/// <summary>A value of some XDR type, and how bytes of that type are read and written again.</summary>
internal abstract record XdrSample(string Name)
{
    public abstract string TypeName { get; }

    public abstract object Value { get; }

    public abstract byte[] Encode();

    /// <summary>Reads bytes as this type and writes what was read.</summary>
    public abstract byte[] Recode(ReadOnlySpan<byte> xdr);

    /// <summary>Reads bytes as this type.</summary>
    public abstract object Decode(ReadOnlySpan<byte> xdr);

    public static XdrSample Of<T>(string name, T value)
        where T : IXdr<T> => new Typed<T>(name, value);

    public sealed override string ToString() => $"{TypeName} {Name}";

    private sealed record Typed<T>(string Name, T Boxed) : XdrSample(Name)
        where T : IXdr<T>
    {
        public override string TypeName => typeof(T).Name;

        public override object Value => Boxed;

        public override byte[] Encode() => Boxed.ToXdr();

        public override byte[] Recode(ReadOnlySpan<byte> xdr) => XdrCodec.FromXdr<T>(xdr).ToXdr();

        public override object Decode(ReadOnlySpan<byte> xdr) => XdrCodec.FromXdr<T>(xdr);
    }
}
