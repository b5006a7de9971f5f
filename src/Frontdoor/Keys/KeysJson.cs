using StellarPay.Grains.Keys;

namespace StellarPay.Frontdoor.Keys;

/// <summary>The key-encryption keys.</summary>
/// <param name="Object">Always <c>keys</c>.</param>
/// <param name="Current">The id of the key that wraps now.</param>
/// <param name="PercentDone">The part of the seeds that the current key wraps, in whole percent, rounded down.</param>
/// <param name="Keys">Every key that is known or wraps anything.</param>
/// <param name="Rotation">The last rotation, or null if there was none.</param>
internal sealed record KeysJson(
    string Object, string Current, int PercentDone, IReadOnlyList<KeyUseJson> Keys, KeyRotationJson? Rotation)
{
    public static KeysJson Of(KeyReport report) => new(
        "keys", report.CurrentKeyId, report.PercentDone,
        [.. report.Keys.Select(key => new KeyUseJson(key.KeyId, key.Seeds, key.Retirable))],
        report.Rotation is { } rotation ? KeyRotationJson.Of(rotation) : null);
}

/// <summary>How much a key is used.</summary>
/// <param name="Id">The key, with its version.</param>
/// <param name="Seeds">How many seeds' data keys it wraps.</param>
/// <param name="Retirable">Whether it may be destroyed: nothing is wrapped by it, and nothing will be.</param>
internal sealed record KeyUseJson(string Id, long Seeds, bool Retirable);

/// <summary>A rotation.</summary>
/// <param name="Status"><c>running</c> or <c>finished</c>.</param>
/// <param name="Target">The key that is to wrap everything; null before it has begun.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="FinishedAt">When it had nothing left to do; null before.</param>
/// <param name="Rewrapped">How many data keys it has wrapped anew.</param>
/// <param name="Failed">How many could not be in the present pass; another pass follows.</param>
/// <param name="LastError">What was the matter with the last of these.</param>
internal sealed record KeyRotationJson(
    string Status, string? Target, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, long Rewrapped, long Failed,
    string? LastError)
{
    public static KeyRotationJson Of(KeyRotationView view) => new(
        view.Running ? "running" : "finished", view.TargetKeyId, view.StartedAt, view.FinishedAt, view.Rewrapped, view.Failed,
        view.LastError);
}
