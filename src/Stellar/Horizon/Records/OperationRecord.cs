using System.Text.Json;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Horizon;

/// <summary>What every operation has.</summary>
/// <param name="Id">Its id: ledger, transaction and position in one number (SEP-35).</param>
/// <param name="PagingToken">Where in the list of operations it is.</param>
/// <param name="TransactionHash">The transaction that it is part of; for a fee-bump the outer one.</param>
/// <param name="TransactionSuccessful">
/// Whether the transaction succeeded; false only where failed ones were asked for.
/// </param>
/// <param name="SourceAccount">The account that carried it out.</param>
/// <param name="Type">Horizon's name of its type, such as "payment".</param>
/// <param name="CreatedAt">The close time of its ledger.</param>
/// <param name="Transaction">The transaction with its memo, if it was asked to be joined.</param>
public sealed record OperationHeader(
    long Id,
    string PagingToken,
    Hash TransactionHash,
    bool TransactionSuccessful,
    MuxedAccount SourceAccount,
    string Type,
    DateTimeOffset CreatedAt,
    TransactionRecord? Transaction);

/// <summary>An operation in a closed ledger. Amounts are stroops.</summary>
/// <param name="Header">What every operation has.</param>
/// <remarks>Source: https://developers.stellar.org/docs/data/apis/horizon/api-reference/resources/operations</remarks>
public abstract record OperationRecord(OperationHeader Header) : IHorizonRecord
{
    /// <summary>Its id: ledger, transaction and position in one number (SEP-35).</summary>
    public long Id => Header.Id;

    /// <inheritdoc/>
    public string PagingToken => Header.PagingToken;

    /// <summary>The transaction that it is part of; for a fee-bump the outer one.</summary>
    public Hash TransactionHash => Header.TransactionHash;

    /// <summary>Whether the transaction succeeded; false only where failed ones were asked for.</summary>
    public bool TransactionSuccessful => Header.TransactionSuccessful;

    /// <summary>The account that carried it out.</summary>
    public MuxedAccount SourceAccount => Header.SourceAccount;

    /// <summary>Horizon's name of its type, such as "payment".</summary>
    public string Type => Header.Type;

    /// <summary>The close time of its ledger.</summary>
    public DateTimeOffset CreatedAt => Header.CreatedAt;

    /// <summary>The transaction with its memo, if it was asked to be joined.</summary>
    public TransactionRecord? Transaction => Header.Transaction;

    /// <summary>The ledger that holds it, taken from its id (SEP-35).</summary>
    public uint Ledger => (uint)(Id >> 32);
}

/// <summary>An account was created.</summary>
/// <param name="Header">What every operation has.</param>
/// <param name="Funder">Who paid.</param>
/// <param name="Account">The new account.</param>
/// <param name="StartingBalance">Its first balance, in stroops of the native asset.</param>
public sealed record CreateAccountRecord(
    OperationHeader Header, MuxedAccount Funder, AccountId Account, long StartingBalance)
    : OperationRecord(Header);

/// <summary>A payment in one asset.</summary>
/// <param name="Header">What every operation has.</param>
/// <param name="From">Who paid.</param>
/// <param name="To">Who received.</param>
/// <param name="Asset">The asset.</param>
/// <param name="Amount">How much, in stroops.</param>
public sealed record PaymentRecord(OperationHeader Header, MuxedAccount From, MuxedAccount To, Asset Asset, long Amount)
    : OperationRecord(Header);

/// <summary>A payment that went through the order book.</summary>
/// <param name="Header">What every operation has.</param>
/// <param name="From">Who paid.</param>
/// <param name="To">Who received.</param>
/// <param name="SourceAsset">What was paid with.</param>
/// <param name="SourceAmount">How much was paid, in stroops.</param>
/// <param name="Asset">What was received.</param>
/// <param name="Amount">How much was received, in stroops; of a failed one, what was asked for, or 0.</param>
/// <param name="StrictSend">Whether the amount paid was fixed, rather than the one received.</param>
public sealed record PathPaymentRecord(
    OperationHeader Header,
    MuxedAccount From,
    MuxedAccount To,
    Asset SourceAsset,
    long SourceAmount,
    Asset Asset,
    long Amount,
    bool StrictSend) : OperationRecord(Header);

/// <summary>
/// An account was merged into another. The amount is not in Horizon's operation; its result XDR has it.
/// </summary>
/// <param name="Header">What every operation has.</param>
/// <param name="Account">The account that is no more.</param>
/// <param name="Into">Who received its native balance.</param>
public sealed record AccountMergeRecord(OperationHeader Header, MuxedAccount Account, MuxedAccount Into)
    : OperationRecord(Header);

/// <summary>A claimable balance was created.</summary>
/// <param name="Header">What every operation has.</param>
/// <param name="Asset">The asset.</param>
/// <param name="Amount">How much, in stroops.</param>
/// <param name="Claimants">Who may claim it.</param>
public sealed record CreateClaimableBalanceRecord(
    OperationHeader Header, Asset Asset, long Amount, ValueList<CreatedClaimant> Claimants)
    : OperationRecord(Header);

/// <summary>Who may claim a balance, as the operation that created it said.</summary>
/// <param name="Destination">The claimant.</param>
/// <param name="Predicate">
/// When, with times that may count from the creation (CAP-23); null where Horizon does not say it in a form that is known.
/// </param>
public sealed record CreatedClaimant(AccountId Destination, ClaimPredicate? Predicate);

/// <summary>A claimable balance was claimed.</summary>
/// <param name="Header">What every operation has.</param>
/// <param name="BalanceId">Its id: the XDR of ClaimableBalanceID in hexadecimal digits.</param>
/// <param name="Claimant">Who claimed it.</param>
public sealed record ClaimClaimableBalanceRecord(OperationHeader Header, string BalanceId, MuxedAccount Claimant)
    : OperationRecord(Header);

/// <summary>An issuer clawed a claimable balance back: nobody can claim it any more.</summary>
/// <param name="Header">What every operation has.</param>
/// <param name="BalanceId">Its id: the XDR of ClaimableBalanceID in hexadecimal digits.</param>
public sealed record ClawbackClaimableBalanceRecord(OperationHeader Header, string BalanceId)
    : OperationRecord(Header);

/// <summary>An issuer clawed its asset back.</summary>
/// <param name="Header">What every operation has.</param>
/// <param name="From">Who lost it.</param>
/// <param name="Asset">The asset.</param>
/// <param name="Amount">How much, in stroops.</param>
public sealed record ClawbackRecord(OperationHeader Header, MuxedAccount From, Asset Asset, long Amount)
    : OperationRecord(Header);

/// <summary>An issuer changed what a holder of its asset may do (allow_trust, set_trust_line_flags).</summary>
/// <param name="Header">What every operation has.</param>
/// <param name="Trustor">Whose trustline it is.</param>
/// <param name="Asset">The asset.</param>
/// <param name="Authorized">Whether the holder may send and receive it from now on; null where that did not change.</param>
/// <remarks>Source: CAP-18, CAP-35.</remarks>
public sealed record TrustlineFlagsRecord(OperationHeader Header, AccountId Trustor, Asset Asset, bool? Authorized)
    : OperationRecord(Header);

/// <summary>A contract was invoked, or another host function ran.</summary>
/// <param name="Header">What every operation has.</param>
/// <param name="Function">Which host function.</param>
/// <param name="Changes">The classic assets that moved, as far as they are understood.</param>
public sealed record InvokeHostFunctionRecord(
    OperationHeader Header, string Function, ValueList<AssetBalanceChange> Changes)
    : OperationRecord(Header)
{
    /// <summary>What else moved, and is not understood.</summary>
    public ValueList<UnreadBalanceChange> Unread { get; init; }
}

/// <summary>A movement of a classic asset by a contract.</summary>
/// <param name="Type">transfer, mint, clawback or burn.</param>
/// <param name="From">Who lost it: an account or contract in StrKey form; null for mint.</param>
/// <param name="To">Who got it: an account or contract in StrKey form; null for clawback and burn.</param>
/// <param name="Asset">The asset.</param>
/// <param name="Amount">How much, in stroops; of 128 bits, for between contracts more can move than an account can hold.</param>
/// <param name="ToMuxedId">The id of the M… address that was paid (SEP-23); null where none was.</param>
/// <remarks>Source: CAP-67 (events of assets, <c>to_muxed_id</c>), SEP-41 (amounts of contracts).</remarks>
public sealed record AssetBalanceChange(
    string Type, string? From, string? To, Asset Asset, Int128 Amount, ulong? ToMuxedId = null);

/// <summary>A movement by a contract that is not understood.</summary>
/// <param name="Json">All that Horizon said of it.</param>
/// <param name="Problem">What is wrong with it.</param>
public sealed record UnreadBalanceChange(string Json, string Problem);

/// <summary>Any other operation.</summary>
/// <param name="Header">What every operation has.</param>
/// <param name="Details">All that Horizon said of it.</param>
public sealed record OtherOperationRecord(OperationHeader Header, JsonElement Details) : OperationRecord(Header);
