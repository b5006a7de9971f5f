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

    /// <summary>A payment that spends another asset than the payee gets, through the market's offers.</summary>
    PayByPath,

    /// <summary>A payment to an account that is not there yet waits on the ledger, and nobody claims it.</summary>
    SetAside,

    /// <summary>The same, and the new account comes, trusts the asset and claims it.</summary>
    SetAsideAndClaim,

    /// <summary>A payer wants back what waits on the ledger.</summary>
    Reclaim,

    /// <summary>The account outside sets something aside for a wallet.</summary>
    OutsiderSetsAside,

    /// <summary>A payment is scheduled once, for a moment in the run.</summary>
    ScheduleOnce,

    /// <summary>A payment is scheduled daily, from a moment in the run on.</summary>
    ScheduleDaily,

    /// <summary>A user has the key of the wallet replaced.</summary>
    RotateKey,

    /// <summary>An administrator has it replaced.</summary>
    AdministratorRotatesKey,

    /// <summary>The account outside pays an account of the platform.</summary>
    PayPlatform,

    /// <summary>An administrator decides what becomes of such a payment.</summary>
    DecideSuspended,

    /// <summary>A merchant makes a session, and a customer pays it exactly.</summary>
    Sell,

    /// <summary>A customer pays less, and then the rest.</summary>
    SellInParts,

    /// <summary>A customer pays more than is asked for.</summary>
    SellOver,

    /// <summary>Two customers pay the whole price at once.</summary>
    SellTwice,

    /// <summary>A customer pays in an asset that the session does not take, and then in the right one.</summary>
    SellInWrongAsset,

    /// <summary>The session is cancelled before it is paid; what came is accepted, or given back.</summary>
    SellLate,

    /// <summary>The session's test clock is moved past its end while it is paid.</summary>
    SellAtTheEnd,

    /// <summary>The session is cancelled while it is paid.</summary>
    CancelAgainstPayer,

    /// <summary>A user's wallet pays the session by its id.</summary>
    PaySession,

    /// <summary>A sale is given back whole, under one key twice at once.</summary>
    RefundWhole,

    /// <summary>A sale is given back in two parts.</summary>
    RefundInParts,

    /// <summary>A sale is given back whole twice at once, under two keys.</summary>
    RefundTwice,

    /// <summary>A customer forgets the memo; the merchant says whose that is, keeps it, gives it back, or does nothing.</summary>
    ForgetMemo,

    /// <summary>
    /// A customer whose wallet knows no memo pays at an address of the session's own; one session in three is cancelled meanwhile.
    /// </summary>
    SellAtOwnAddress,
}
