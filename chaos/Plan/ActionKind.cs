namespace StellarPay.Chaos.Plan;

/// <summary>What a client does.</summary>
internal enum ActionKind
{
    /// <summary>One call that quotes and confirms.</summary>
    PayAtOnce,

    /// <summary>A quote, and then its confirmation.</summary>
    QuoteAndConfirm,

    /// <summary>A quote that nobody confirms: it must expire.</summary>
    Abandon,

    /// <summary>A quote that is cancelled.</summary>
    QuoteAndCancel,

    /// <summary>Confirmation and cancelling of one quote at once.</summary>
    ConfirmAgainstCancel,

    /// <summary>The same call again after its answer, and again.</summary>
    Repeat,

    /// <summary>The same call twice at once.</summary>
    Race,

    /// <summary>Two confirmations of one quote at once, under different keys.</summary>
    ConfirmRace,

    /// <summary>The client hangs up before the answer, and asks again.</summary>
    HangUp,

    /// <summary>The key of one payment with the body of another.</summary>
    ReuseKey,

    /// <summary>Several payments at once from one wallet.</summary>
    Burst,

    /// <summary>A stranger reads, confirms and cancels the payment of another.</summary>
    Trespass,

    /// <summary>Payments to an account outside that has little room for them: some fail on the ledger.</summary>
    PayOutsider,

    /// <summary>The account outside pays a wallet.</summary>
    OutsiderPays,

    /// <summary>Somebody new.</summary>
    SignUp,

    /// <summary>The sandbox's issuer pays the wallet.</summary>
    Deposit,
}
