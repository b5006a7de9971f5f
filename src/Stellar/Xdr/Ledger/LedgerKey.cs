namespace StellarPay.Stellar.Xdr;

/// <summary>Names a ledger entry. XDR's <c>LedgerKey</c>.</summary>
public abstract record LedgerKey : IXdr<LedgerKey>
{
    private protected LedgerKey()
    {
    }

    /// <summary>The kind of entry.</summary>
    public abstract LedgerEntryType Type { get; }

    /// <inheritdoc/>
    public static LedgerKey Read(ref XdrReader reader)
    {
        var type = reader.ReadEnum<LedgerEntryType>();
        return type switch
        {
            LedgerEntryType.Account => new LedgerKeyAccount(AccountId.Read(ref reader)),
            LedgerEntryType.TrustLine => new LedgerKeyTrustLine(
                AccountId.Read(ref reader),
                TrustLineAsset.Read(ref reader)),
            LedgerEntryType.Offer => new LedgerKeyOffer(AccountId.Read(ref reader), reader.ReadInt64()),
            LedgerEntryType.Data => new LedgerKeyData(
                AccountId.Read(ref reader),
                XdrString.Read(ref reader, ManageDataOperation.MaxNameBytes)),
            LedgerEntryType.ClaimableBalance => new LedgerKeyClaimableBalance(ClaimableBalanceId.Read(ref reader)),
            LedgerEntryType.LiquidityPool => new LedgerKeyLiquidityPool(Hash.Read(ref reader)),
            LedgerEntryType.ContractData => new LedgerKeyContractData(
                ScAddress.Read(ref reader),
                ScVal.Read(ref reader),
                reader.ReadEnum<ContractDataDurability>()),
            LedgerEntryType.ContractCode => new LedgerKeyContractCode(Hash.Read(ref reader)),
            LedgerEntryType.ConfigSetting => new LedgerKeyConfigSetting(reader.ReadEnum<ConfigSettingId>()),
            LedgerEntryType.Ttl => new LedgerKeyTtl(Hash.Read(ref reader)),
            _ => throw XdrException.Discriminant("ledger entry type", (int)type),
        };
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteEnum(Type);
        WriteBody(writer);
    }

    private protected abstract void WriteBody(XdrWriter writer);
}

/// <summary>An account.</summary>
/// <param name="Account">The account.</param>
public sealed record LedgerKeyAccount(AccountId Account) : LedgerKey
{
    /// <inheritdoc/>
    public override LedgerEntryType Type => LedgerEntryType.Account;

    private protected override void WriteBody(XdrWriter writer) => Account.Write(writer);
}

/// <summary>A trustline.</summary>
/// <param name="Account">Who holds it.</param>
/// <param name="Asset">What it holds.</param>
public sealed record LedgerKeyTrustLine(AccountId Account, TrustLineAsset Asset) : LedgerKey
{
    /// <inheritdoc/>
    public override LedgerEntryType Type => LedgerEntryType.TrustLine;

    private protected override void WriteBody(XdrWriter writer)
    {
        Account.Write(writer);
        Asset.Write(writer);
    }
}

/// <summary>An offer.</summary>
/// <param name="Seller">Whose it is.</param>
/// <param name="OfferId">Its number.</param>
public sealed record LedgerKeyOffer(AccountId Seller, long OfferId) : LedgerKey
{
    /// <inheritdoc/>
    public override LedgerEntryType Type => LedgerEntryType.Offer;

    private protected override void WriteBody(XdrWriter writer)
    {
        Seller.Write(writer);
        writer.WriteInt64(OfferId);
    }
}

/// <summary>A data entry.</summary>
/// <param name="Account">Whose it is.</param>
/// <param name="Name">Its name, at most 64 bytes.</param>
public sealed record LedgerKeyData(AccountId Account, XdrString Name) : LedgerKey
{
    /// <inheritdoc/>
    public override LedgerEntryType Type => LedgerEntryType.Data;

    private protected override void WriteBody(XdrWriter writer)
    {
        Account.Write(writer);
        Name.Write(writer, ManageDataOperation.MaxNameBytes);
    }
}

/// <summary>A claimable balance.</summary>
/// <param name="BalanceId">Its id.</param>
public sealed record LedgerKeyClaimableBalance(ClaimableBalanceId BalanceId) : LedgerKey
{
    /// <inheritdoc/>
    public override LedgerEntryType Type => LedgerEntryType.ClaimableBalance;

    private protected override void WriteBody(XdrWriter writer) => BalanceId.Write(writer);
}

/// <summary>A liquidity pool.</summary>
/// <param name="PoolId">Its id.</param>
public sealed record LedgerKeyLiquidityPool(Hash PoolId) : LedgerKey
{
    /// <inheritdoc/>
    public override LedgerEntryType Type => LedgerEntryType.LiquidityPool;

    private protected override void WriteBody(XdrWriter writer) => PoolId.Write(writer);
}

/// <summary>A contract's data.</summary>
/// <param name="Contract">The contract.</param>
/// <param name="Key">The key.</param>
/// <param name="Durability">How long it lasts.</param>
public sealed record LedgerKeyContractData(ScAddress Contract, ScVal Key, ContractDataDurability Durability) : LedgerKey
{
    /// <inheritdoc/>
    public override LedgerEntryType Type => LedgerEntryType.ContractData;

    private protected override void WriteBody(XdrWriter writer)
    {
        Contract.Write(writer);
        Key.Write(writer);
        writer.WriteEnum(Durability);
    }
}

/// <summary>A contract's WebAssembly.</summary>
/// <param name="WasmHash">Its SHA-256.</param>
public sealed record LedgerKeyContractCode(Hash WasmHash) : LedgerKey
{
    /// <inheritdoc/>
    public override LedgerEntryType Type => LedgerEntryType.ContractCode;

    private protected override void WriteBody(XdrWriter writer) => WasmHash.Write(writer);
}

/// <summary>A setting of the network.</summary>
/// <param name="Setting">Which.</param>
public sealed record LedgerKeyConfigSetting(ConfigSettingId Setting) : LedgerKey
{
    /// <inheritdoc/>
    public override LedgerEntryType Type => LedgerEntryType.ConfigSetting;

    private protected override void WriteBody(XdrWriter writer) => writer.WriteEnum(Setting);
}

/// <summary>How long a contract's entry lives.</summary>
/// <param name="KeyHash">The SHA-256 of the entry's key.</param>
public sealed record LedgerKeyTtl(Hash KeyHash) : LedgerKey
{
    /// <inheritdoc/>
    public override LedgerEntryType Type => LedgerEntryType.Ttl;

    private protected override void WriteBody(XdrWriter writer) => KeyHash.Write(writer);
}
