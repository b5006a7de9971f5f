namespace StellarPay.Grains.Invitations;

/// <summary>
/// What a write of a wallet does, in the same statement, to the table in which names are looked for that are confirmed. Detached by
/// storage, never part of what is stored.
/// </summary>
[GenerateSerializer, Alias("sp.InvitationMarks")]
internal sealed class InvitationMarks
{
    /// <summary>Those that are new. The write is refused where a name is somebody's, or was invited as often as may be.</summary>
    [Id(0)] public List<OpenedMark> Opened { get; set; } = [];

    /// <summary>Those whose names were confirmed, which the wallet knows from now on.</summary>
    [Id(1)] public List<string> Taken { get; set; } = [];

    /// <summary>Those that are over. The write is refused where the name of one was confirmed in time.</summary>
    [Id(2)] public List<string> Ended { get; set; } = [];

    /// <summary>
    /// Those that the wallet is told were confirmed. The write is refused where the table does not say so: whoever tells it is a front
    /// door, and by its word alone nobody is paid.
    /// </summary>
    [Id(3)] public List<ConfirmedMark> Confirmed { get; set; } = [];
}

/// <summary>An invitation whose name is said to be a user's.</summary>
/// <param name="Id">The invitation.</param>
/// <param name="User">The user.</param>
[GenerateSerializer, Immutable, Alias("sp.ConfirmedMark")]
internal sealed record ConfirmedMark([property: Id(0)] string Id, [property: Id(1)] string User);

/// <summary>A new invitation, as the table has it.</summary>
/// <param name="Id">The invitation.</param>
/// <param name="Digest">The name's index.</param>
/// <param name="Kind"><c>email</c> or <c>phone</c>.</param>
/// <param name="At">When it is made, by business time.</param>
/// <param name="ExpiresAt">Until when the name can be confirmed.</param>
/// <param name="Most">How many there may be of one name.</param>
/// <param name="Message">What is sent to the name with it, or null.</param>
/// <param name="Often">How many of one name the same sender may have made since then.</param>
/// <param name="Since">Since when they count.</param>
[GenerateSerializer, Immutable, Alias("sp.OpenedMark")]
internal sealed record OpenedMark(
    [property: Id(0)] string Id, [property: Id(1)] byte[] Digest, [property: Id(2)] string Kind,
    [property: Id(3)] DateTimeOffset At, [property: Id(4)] DateTimeOffset ExpiresAt, [property: Id(5)] int Most,
    [property: Id(6)] InvitationMessage? Message, [property: Id(7)] int Often, [property: Id(8)] DateTimeOffset Since);
