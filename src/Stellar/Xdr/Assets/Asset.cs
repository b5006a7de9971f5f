namespace StellarPay.Stellar.Xdr;

/// <summary>Lumens, or a code and its issuer. XDR's <c>Asset</c>. The default is lumens. Order is core's: by kind,
/// code, issuer.</summary>
public readonly partial struct Asset : IEquatable<Asset>, IComparable<Asset>, IXdr<Asset>
{
    /// <summary>An issued asset.</summary>
    /// <param name="code">Its code.</param>
    /// <param name="issuer">Who issues it.</param>
    /// <exception cref="ArgumentException">The code is the default one.</exception>
    public Asset(AssetCode code, AccountId issuer)
    {
        if (code.Size == 0)
            throw new ArgumentException("An issued asset has a code.", nameof(code));
        Code = code;
        Issuer = issuer;
    }

    /// <summary>Lumens.</summary>
    public static Asset Native => default;

    /// <summary>The kind.</summary>
    public AssetType Type => Code.Type;

    /// <summary>Whether these are lumens.</summary>
    public bool IsNative => Code.Type == AssetType.Native;

    /// <summary>The code; the default one for lumens.</summary>
    public AssetCode Code { get; }

    /// <summary>The issuer; the key of zeros for lumens.</summary>
    public AccountId Issuer { get; }

    /// <summary>Whether code and issuer are equal.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they are.</returns>
    public static bool operator ==(Asset left, Asset right) => left.Equals(right);

    /// <summary>Whether code or issuer differ.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they do.</returns>
    public static bool operator !=(Asset left, Asset right) => !left.Equals(right);

    /// <summary>An issued asset.</summary>
    /// <param name="code">1 to 12 ASCII letters and digits.</param>
    /// <param name="issuer">Who issues it.</param>
    /// <returns>The asset.</returns>
    /// <exception cref="FormatException">It is no such code.</exception>
    public static Asset Credit(string code, AccountId issuer) => new(AssetCode.Parse(code), issuer);

    /// <inheritdoc/>
    public static Asset Read(ref XdrReader reader) => ReadBody(ref reader, reader.ReadEnum<AssetType>());

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteEnum(Type);
        if (IsNative)
            return;
        Code.WriteBody(writer);
        Issuer.Write(writer);
    }

    /// <inheritdoc/>
    public bool Equals(Asset other) => Code.Equals(other.Code) && Issuer.Equals(other.Issuer);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Asset other && Equals(other);

    /// <inheritdoc/>
    public int CompareTo(Asset other)
    {
        var order = Code.CompareTo(other.Code);
        return order != 0 ? order : Issuer.CompareTo(other.Issuer);
    }

    /// <inheritdoc/>
    public override int GetHashCode() => IsNative ? 0 : HashCode.Combine(Code, Issuer);

    /// <summary><c>native</c>, or code and issuer with a colon between.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => IsNative ? "native" : $"{Code}:{Issuer}";

    internal static Asset ReadBody(ref XdrReader reader, AssetType type)
    {
        if (type == AssetType.Native)
            return default;
        var code = AssetCode.ReadBody(ref reader, type);
        return new Asset(code, AccountId.Read(ref reader));
    }
}
