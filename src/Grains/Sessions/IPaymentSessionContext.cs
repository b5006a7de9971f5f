using StellarPay.Grains.Merchants;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Sessions;

/// <summary>One session in memory, as the parts see it of which its grain is composed.</summary>
internal interface IPaymentSessionContext : IActivation
{
    /// <summary>The stored state; another object after it was read again.</summary>
    PaymentSessionState State { get; }

    /// <summary>Every change that it can go through.</summary>
    PaymentSessionBook Book { get; }

    /// <summary>What wallets here have signed that completes it.</summary>
    SessionSignings Signings { get; }

    /// <summary>What is given back of it.</summary>
    RefundBook Refunds { get; }

    /// <summary>Where what is given back goes.</summary>
    RefundAddressBook RefundAddresses { get; }

    /// <summary>Has refund addresses hold whose time has come by a moment, in a turn, and stores that.</summary>
    Task TakeRefundAddressesAsync(DateTimeOffset now);

    /// <summary>What of it is accepted that came too late.</summary>
    Acceptances Acceptances { get; }

    /// <summary>What its merchant's choice does with what came beyond the price, or too late.</summary>
    AutomaticExcess Excess { get; }

    /// <summary>The account that is opened for it where its payer asks for one.</summary>
    SessionAddresses Addresses { get; }

    /// <summary>The moment, by the clock that it lives by.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Whether it lives by a test clock that still moves.</summary>
    bool LivesByTestClock { get; }

    /// <summary>The moment by the system's business time, whatever it lives by.</summary>
    DateTimeOffset SystemNow { get; }

    /// <summary>There is no such session, for all that anyone but its merchant is told.</summary>
    static Error NoSuchSession { get; } =
        new(ErrorKind.NotFound, "payment_session_not_found", "There is no such payment session.");

    /// <summary>Its merchant's account does not know yet what was decided of it.</summary>
    static Error TermsAreOld { get; } = new(ErrorKind.Unavailable, MerchantFacts.TermsAreOld,
        "What was decided of the merchant is on its way to its account. Please try again in a moment.");
}
