namespace StellarPay.Stellar.Xdr;

/// <summary>The kinds of contract values.</summary>
public enum ScValType
{
    /// <summary>A boolean.</summary>
    Bool = 0,

    /// <summary>Nothing.</summary>
    Void = 1,

    /// <summary>An error.</summary>
    Error = 2,

    /// <summary>32 bits, unsigned.</summary>
    U32 = 3,

    /// <summary>32 bits, signed.</summary>
    I32 = 4,

    /// <summary>64 bits, unsigned.</summary>
    U64 = 5,

    /// <summary>64 bits, signed.</summary>
    I64 = 6,

    /// <summary>A moment in Unix seconds.</summary>
    Timepoint = 7,

    /// <summary>A time in seconds.</summary>
    Duration = 8,

    /// <summary>128 bits, unsigned.</summary>
    U128 = 9,

    /// <summary>128 bits, signed.</summary>
    I128 = 10,

    /// <summary>256 bits, unsigned.</summary>
    U256 = 11,

    /// <summary>256 bits, signed.</summary>
    I256 = 12,

    /// <summary>Bytes.</summary>
    Bytes = 13,

    /// <summary>A string.</summary>
    String = 14,

    /// <summary>A symbol of at most 32 characters.</summary>
    Symbol = 15,

    /// <summary>A list.</summary>
    Vec = 16,

    /// <summary>A map.</summary>
    Map = 17,

    /// <summary>An address.</summary>
    Address = 18,

    /// <summary>A contract's instance.</summary>
    ContractInstance = 19,

    /// <summary>The ledger key of a contract's instance.</summary>
    LedgerKeyContractInstance = 20,

    /// <summary>The ledger key of an authorisation's nonce.</summary>
    LedgerKeyNonce = 21,
}
