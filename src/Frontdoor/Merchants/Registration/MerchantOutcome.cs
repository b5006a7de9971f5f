using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Merchants.Registration;

/// <summary>What came of a change to a merchant, where the database looks at everything again.</summary>
internal enum MerchantOutcome
{
    Done,

    /// <summary>The session was ended since the request was let in.</summary>
    SessionEnded,

    /// <summary>There is no such merchant for who asks.</summary>
    Missing,

    /// <summary>What he is to the merchant does not allow it any more.</summary>
    RoleChanged,

    /// <summary>He has confirmed no contact.</summary>
    Unconfirmed,

    /// <summary>He is being erased.</summary>
    Erasing,

    /// <summary>There are as many as there may be.</summary>
    TooMany,

    /// <summary>The merchant is not active.</summary>
    NotActive,

    /// <summary>The merchant has no such key, or not any more.</summary>
    NoKey,

    /// <summary>There is no such code, or not any more.</summary>
    WrongCode,
}

/// <summary>How outcomes are read and told.</summary>
internal static class MerchantOutcomes
{
    public static MerchantOutcome Read(object? word) => (word as string) switch
    {
        "done" => MerchantOutcome.Done,
        "session_ended" => MerchantOutcome.SessionEnded,
        "none" => MerchantOutcome.Missing,
        "role" => MerchantOutcome.RoleChanged,
        "unconfirmed" => MerchantOutcome.Unconfirmed,
        "erasing" => MerchantOutcome.Erasing,
        "too_many" => MerchantOutcome.TooMany,
        "not_active" => MerchantOutcome.NotActive,
        "no_key" => MerchantOutcome.NoKey,
        "wrong" => MerchantOutcome.WrongCode,
        _ => throw new InvalidOperationException($"A change of a merchant came to '{word}'."),
    };

    /// <summary>What is answered; of <see cref="MerchantOutcome.TooMany"/> the sentence is the caller's.</summary>
    public static Problem Explain(MerchantOutcome outcome, Error tooMany) => outcome switch
    {
        MerchantOutcome.SessionEnded => SessionGate.Over,
        MerchantOutcome.Unconfirmed => ConfirmedOnly.Refusal,
        MerchantOutcome.TooMany => Problem.Of(tooMany),
        MerchantOutcome.RoleChanged => Problem.Of(new Error(
            ErrorKind.Forbidden, "permission_missing", "Your role for this merchant was changed, and does not allow this any more.")),
        MerchantOutcome.Erasing => Problem.Of(new Error(
            ErrorKind.Conflict, "account_being_erased", "Your account is being removed.")),
        MerchantOutcome.NotActive => Problem.Of(new Error(
            ErrorKind.Conflict, "merchant_not_active",
            "This merchant is not active: its e-mail address is to be confirmed, where payments are real it is to be approved, or it is suspended.")),
        MerchantOutcome.NoKey => Problem.Of(new Error(ErrorKind.NotFound, "api_key_not_found", "There is no such API key.")),
        _ => MerchantGate.NotFound,
    };
}
