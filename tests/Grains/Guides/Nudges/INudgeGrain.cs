using StellarPay.Grains.Access;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;
using StellarPay.Grains.Scheduling;

namespace StellarPay.Grains.Nudges;

/// <summary>Reminds a user of something once. The key is <see cref="NudgeKeys.Of"/> of the user.</summary>
[Alias("sp.INudgeGrain"), ForUsers]
public interface INudgeGrain : IWakeable
{
    /// <summary>
    /// Has the user reminded at a time, of another thing than before. Refused with <c>nudge_text_invalid</c> or
    /// <c>nudge_time_invalid</c>; anybody but the user is told that there is no such nudge.
    /// </summary>
    [Alias("Set")]
    Task<Result<DateTimeOffset>> SetAsync(UserId caller, string text, DateTimeOffset at);
}

/// <summary>Whose nudge is whose.</summary>
public static class NudgeKeys
{
    /// <summary>The key of a user's nudge.</summary>
    public static string Of(UserId user) => $"ndg_{user.Value}";
}
