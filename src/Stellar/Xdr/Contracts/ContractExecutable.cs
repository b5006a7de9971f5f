namespace StellarPay.Stellar.Xdr;

/// <summary>What a contract runs: uploaded WebAssembly, or the built-in contract of a Stellar asset. XDR's
/// <c>ContractExecutable</c>.</summary>
/// <param name="WasmHash">The WebAssembly's SHA-256; null for the built-in contract.</param>
public sealed record ContractExecutable(Hash? WasmHash) : IXdr<ContractExecutable>
{
    private const int Wasm = 0;
    private const int StellarAsset = 1;

    /// <inheritdoc/>
    public static ContractExecutable Read(ref XdrReader reader)
    {
        var type = reader.ReadInt32();
        return type switch
        {
            Wasm => new ContractExecutable(Hash.Read(ref reader)),
            StellarAsset => new ContractExecutable(WasmHash: null),
            _ => throw XdrException.Discriminant("contract executable type", type),
        };
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteInt32(WasmHash.HasValue ? Wasm : StellarAsset);
        if (WasmHash is { } hash)
            hash.Write(writer);
    }
}

/// <summary>What a contract's id is the hash of. XDR's <c>ContractIDPreimage</c>.</summary>
public abstract record ContractIdPreimage : IXdr<ContractIdPreimage>
{
    private const int FromAddress = 0;
    private const int FromAsset = 1;

    private protected ContractIdPreimage()
    {
    }

    /// <inheritdoc/>
    public static ContractIdPreimage Read(ref XdrReader reader)
    {
        var type = reader.ReadInt32();
        return type switch
        {
            FromAddress => new ContractIdFromAddress(ScAddress.Read(ref reader), Hash.Read(ref reader)),
            FromAsset => new ContractIdFromAsset(Asset.Read(ref reader)),
            _ => throw XdrException.Discriminant("contract id preimage type", type),
        };
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (this is ContractIdFromAddress from)
        {
            writer.WriteInt32(FromAddress);
            from.Address.Write(writer);
            from.Salt.Write(writer);
        }
        else if (this is ContractIdFromAsset asset)
        {
            writer.WriteInt32(FromAsset);
            asset.Asset.Write(writer);
        }
    }
}

/// <summary>A contract that an address deploys.</summary>
/// <param name="Address">Who deploys it.</param>
/// <param name="Salt">Any 32 bytes.</param>
public sealed record ContractIdFromAddress(ScAddress Address, Hash Salt) : ContractIdPreimage;

/// <summary>The built-in contract of an asset.</summary>
/// <param name="Asset">The asset.</param>
public sealed record ContractIdFromAsset(Asset Asset) : ContractIdPreimage;
