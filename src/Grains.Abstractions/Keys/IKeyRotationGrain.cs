using Orleans.Concurrency;
using StellarPay.Grains.Access;
using StellarPay.Grains.Scheduling;

namespace StellarPay.Grains.Keys;

/// <summary>
/// Has the data keys of all stored seeds wrapped by the current key-encryption key, in the background, page by page, and
/// goes on after a crash where it was. The key is <see cref="Key"/>.
/// </summary>
[Alias("sp.IKeyRotationGrain"), ForOperators]
public interface IKeyRotationGrain : IWakeable
{
    /// <summary>The only key.</summary>
    const string Key = "key_rotation";

    /// <summary>Begins a rotation; one that is under way goes on.</summary>
    [Alias("Start")]
    Task<KeyReport> StartAsync();

    /// <summary>Which keys wrap how many seeds, and how the rotation stands.</summary>
    [Alias("Get"), AlwaysInterleave]
    Task<KeyReport> GetAsync();
}

/// <summary>Which key-encryption keys wrap how many seeds.</summary>
/// <param name="CurrentKeyId">The key that wraps now.</param>
/// <param name="Keys">All keys that are known or wrap anything.</param>
/// <param name="PercentDone">The part of the seeds that the current key wraps, in whole percent, rounded down.</param>
/// <param name="Rotation">The last rotation, or null if there was none.</param>
[GenerateSerializer, Immutable, Alias("sp.KeyReport")]
public sealed record KeyReport(
    [property: Id(0)] string CurrentKeyId,
    [property: Id(1)] KeyUse[] Keys,
    [property: Id(2)] int PercentDone,
    [property: Id(3)] KeyRotationView? Rotation);

/// <summary>How much a key-encryption key is used.</summary>
/// <param name="KeyId">The key, with its version.</param>
/// <param name="Seeds">How many seeds' data keys it wraps.</param>
/// <param name="Retirable">
/// Whether it may be destroyed: it wraps nothing, another key has wrapped everything for ten minutes, so that no process
/// can still be about to use it.
/// </param>
[GenerateSerializer, Immutable, Alias("sp.KeyUse")]
public sealed record KeyUse(
    [property: Id(0)] string KeyId,
    [property: Id(1)] long Seeds,
    [property: Id(2)] bool Retirable);

/// <summary>How a rotation stands.</summary>
/// <param name="TargetKeyId">The key that is to wrap everything; null while it has not begun.</param>
/// <param name="Running">Whether it is under way.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="FinishedAt">When a whole pass found nothing left to do; null before.</param>
/// <param name="Rewrapped">How many data keys it has wrapped anew.</param>
/// <param name="Failed">How many grains could not do it in the present pass; another pass follows.</param>
/// <param name="LastError">What was the matter with the last of these.</param>
[GenerateSerializer, Immutable, Alias("sp.KeyRotationView")]
public sealed record KeyRotationView(
    [property: Id(0)] string? TargetKeyId,
    [property: Id(1)] bool Running,
    [property: Id(2)] DateTimeOffset? StartedAt,
    [property: Id(3)] DateTimeOffset? FinishedAt,
    [property: Id(4)] long Rewrapped,
    [property: Id(5)] long Failed,
    [property: Id(6)] string? LastError);
