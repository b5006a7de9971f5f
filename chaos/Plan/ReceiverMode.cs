namespace StellarPay.Chaos.Plan;

/// <summary>What a merchant's server does with what it is sent.</summary>
internal enum ReceiverMode
{
    /// <summary>It takes it.</summary>
    Takes,

    /// <summary>It takes it after a while: sometimes too late.</summary>
    IsSlow,

    /// <summary>It cuts the connection: before its answer, or in it.</summary>
    Resets,

    /// <summary>It answers 500.</summary>
    Fails,

    /// <summary>It is killed: nobody listens, and what is under way is cut.</summary>
    IsGone,
}
