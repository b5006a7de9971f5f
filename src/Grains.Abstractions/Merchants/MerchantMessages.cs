using StellarPay.Grains.Identifiers;

namespace StellarPay.Grains.Merchants;

/// <summary>Where a merchant's account stands.</summary>
[GenerateSerializer, Alias("sp.MerchantAccountStatus")]
public enum MerchantAccountStatus
{
    /// <summary>Its account is being opened on the ledger.</summary>
    Opening,

    /// <summary>It can be paid.</summary>
    Active,
}

/// <summary>A merchant's settlement account.</summary>
/// <param name="Id">The merchant.</param>
/// <param name="Address">Its address on the ledger.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Suspended">Whether it makes no sessions for now.</param>
/// <param name="Tier">The tier by which fees are taken.</param>
/// <param name="Balances">What it holds of each asset.</param>
/// <param name="Revision">Counts its writes.</param>
[GenerateSerializer, Immutable, Alias("sp.MerchantView")]
public sealed record MerchantView(
    [property: Id(0)] MerchantId Id,
    [property: Id(1)] string Address,
    [property: Id(2)] MerchantAccountStatus Status,
    [property: Id(3)] bool Suspended,
    [property: Id(4)] int Tier,
    [property: Id(5)] MerchantBalance[] Balances,
    [property: Id(6)] long Revision);

/// <summary>
/// What a merchant holds of one asset, in stroops. What is on the ledger is the sum of the others.
/// </summary>
/// <param name="Asset">The asset in canonical form.</param>
/// <param name="OnLedger">What its account holds, as far as its inbox has been drained.</param>
/// <param name="Available">What it may spend. Below zero where an issuer took back what was sold already.</param>
/// <param name="Pending">What sessions have received that are not paid in full yet.</param>
/// <param name="Held">What came too late, in another asset, or for a session that ended unpaid: its payers may have it back.</param>
/// <param name="Fees">What is the platform's, and leaves with the next settlement.</param>
/// <param name="Unallocated">What came and no session has judged: its verdict is on the way, or it names no session.</param>
/// <param name="Refunds">What is set aside to be paid back, and on its way.</param>
[GenerateSerializer, Immutable, Alias("sp.MerchantBalance")]
public sealed record MerchantBalance(
    [property: Id(0)] string Asset,
    [property: Id(1)] long OnLedger,
    [property: Id(2)] long Available,
    [property: Id(3)] long Pending,
    [property: Id(4)] long Held,
    [property: Id(5)] long Fees,
    [property: Id(6)] long Unallocated,
    [property: Id(7)] long Refunds);

/// <summary>What a payment session needs of its merchant.</summary>
/// <param name="Address">Where it is paid.</param>
/// <param name="Tier">The tier by which fees are taken.</param>
/// <param name="Excess">What is done with what comes beyond the price, or too late; null where the merchant never said.</param>
/// <param name="Decision">Which of the decisions about it, or of its owners, that is.</param>
[GenerateSerializer, Immutable, Alias("sp.MerchantFacts")]
public sealed record MerchantFacts(
    [property: Id(0)] string Address, [property: Id(1)] int Tier, [property: Id(2)] ExcessChoices? Excess = null,
    [property: Id(3)] long Decision = 0)
{
    /// <summary>The code with which a session is not made whose merchant's account does not know yet what was decided of it.</summary>
    public const string TermsAreOld = "merchant_terms_old";
}

/// <summary>What a merchant wants done with what comes beyond the price, or too late, without being asked each time.</summary>
/// <param name="Over">With what comes beyond the price.</param>
/// <param name="Late">With what comes after a session's end.</param>
[GenerateSerializer, Immutable, Alias("sp.ExcessChoices")]
public sealed record ExcessChoices([property: Id(0)] OverPayments Over, [property: Id(1)] LatePayments Late);

/// <summary>What is done with what comes beyond the price.</summary>
[GenerateSerializer, Alias("sp.OverPayments")]
public enum OverPayments
{
    /// <summary>It is the merchant's.</summary>
    Keep,

    /// <summary>It is given back.</summary>
    Refund,

    /// <summary>It is held until the merchant decides.</summary>
    Hold,
}

/// <summary>What is done with what comes after a session's end.</summary>
[GenerateSerializer, Alias("sp.LatePayments")]
public enum LatePayments
{
    /// <summary>It is held until the merchant decides.</summary>
    Hold,

    /// <summary>Where it can be, it is accepted: another session is made, paid by it.</summary>
    Accept,

    /// <summary>It is given back.</summary>
    Refund,
}

/// <summary>What a payment session must know of its merchant before it gives something back.</summary>
/// <param name="Waiting">How many refunds it has to pay.</param>
/// <param name="IsSuspended">Whether it is suspended: payers get theirs still, and nothing goes where the merchant said.</param>
/// <param name="MayBeClaimed">Whether a payer may claim one more today.</param>
/// <param name="MayLittleBeClaimed">The same of who paid less than half of a price.</param>
[GenerateSerializer, Immutable, Alias("sp.MerchantRefunds")]
public sealed record MerchantRefunds(
    [property: Id(0)] int Waiting, [property: Id(1)] bool IsSuspended, [property: Id(2)] bool MayBeClaimed = true,
    [property: Id(3)] bool MayLittleBeClaimed = true);
