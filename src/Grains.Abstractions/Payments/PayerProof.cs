using StellarPay.Grains.Results;

namespace StellarPay.Grains.Payments;

/// <summary>
/// What stands for it that the payer himself asks for a payment, as the front door found it in the session of the request. Whether the
/// payment needs more, its wallet decides.
/// </summary>
[GenerateSerializer, Alias("sp.PayerProof")]
public enum PayerProof
{
    /// <summary>A session of somebody who has no second factor, for all that the front door was told.</summary>
    Session,

    /// <summary>A session of somebody who has a second factor, and has not shown it in the last minutes.</summary>
    FactorNotShown,

    /// <summary>A session in which the second factor was shown in the last minutes.</summary>
    FactorShown,

    /// <summary>A standing order: whoever gave it proved himself then.</summary>
    StandingOrder,
}

/// <summary>Whether what somebody asks for needs a second factor that he has not shown.</summary>
public static class StepUpRefusal
{
    /// <summary>He has to show it again; nothing was changed.</summary>
    public static Error Required { get; } = new(
        ErrorKind.Forbidden, "step_up_required", "Please show your second factor again, at /v1/auth/step-up, and repeat this. Nothing was changed.");
}
