namespace StellarPay.Stellar.Xdr;

/// <summary>The kinds of ledger entries.</summary>
public enum LedgerEntryType
{
    /// <summary>An account.</summary>
    Account = 0,

    /// <summary>A trustline.</summary>
    TrustLine = 1,

    /// <summary>An offer.</summary>
    Offer = 2,

    /// <summary>A data entry.</summary>
    Data = 3,

    /// <summary>A claimable balance.</summary>
    ClaimableBalance = 4,

    /// <summary>A liquidity pool.</summary>
    LiquidityPool = 5,

    /// <summary>A contract's data.</summary>
    ContractData = 6,

    /// <summary>A contract's WebAssembly.</summary>
    ContractCode = 7,

    /// <summary>A setting of the network.</summary>
    ConfigSetting = 8,

    /// <summary>How long a contract's entry lives.</summary>
    Ttl = 9,
}

/// <summary>How long a contract's data lasts.</summary>
public enum ContractDataDurability
{
    /// <summary>Until its time is up; then it is gone.</summary>
    Temporary = 0,

    /// <summary>Until its time is up; then it is archived and can be restored.</summary>
    Persistent = 1,
}

/// <summary>The settings of the network for contracts.</summary>
public enum ConfigSettingId
{
    /// <summary>The size of a contract.</summary>
    ContractMaxSizeBytes = 0,

    /// <summary>Instructions and memory.</summary>
    ContractComputeV0 = 1,

    /// <summary>Ledger access.</summary>
    ContractLedgerCostV0 = 2,

    /// <summary>History.</summary>
    ContractHistoricalDataV0 = 3,

    /// <summary>Events.</summary>
    ContractEventsV0 = 4,

    /// <summary>Bandwidth.</summary>
    ContractBandwidthV0 = 5,

    /// <summary>The cost model of instructions.</summary>
    ContractCostParamsCpuInstructions = 6,

    /// <summary>The cost model of memory.</summary>
    ContractCostParamsMemoryBytes = 7,

    /// <summary>The size of a data key.</summary>
    ContractDataKeySizeBytes = 8,

    /// <summary>The size of a data entry.</summary>
    ContractDataEntrySizeBytes = 9,

    /// <summary>Archival.</summary>
    StateArchival = 10,

    /// <summary>Transactions a ledger.</summary>
    ContractExecutionLanes = 11,

    /// <summary>The window over which the state's size is averaged.</summary>
    LiveSorobanStateSizeWindow = 12,

    /// <summary>Where eviction goes on.</summary>
    EvictionIterator = 13,

    /// <summary>Parallel execution.</summary>
    ContractParallelComputeV0 = 14,

    /// <summary>More on ledger access.</summary>
    ContractLedgerCostExtV0 = 15,

    /// <summary>Consensus timing.</summary>
    ScpTiming = 16,
}
