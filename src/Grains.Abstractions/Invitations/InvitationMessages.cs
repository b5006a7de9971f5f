using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Money;
using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Invitations;

/// <summary>What somebody wants to set aside for whoever confirms a name.</summary>
/// <param name="Id">The invitation's id, which the front door makes: what it seals is bound to it.</param>
/// <param name="Name">The name, as the front door alone knows it.</param>
/// <param name="Asset">The asset, as its canonical form or its bare code.</param>
/// <param name="Amount">A decimal string, at most seven places, more than zero.</param>
/// <param name="IdempotencyKey">1 to 255 characters. The same key with the same request returns the same invitation.</param>
/// <param name="Fingerprint">Of what the request says besides asset and amount.</param>
/// <param name="Sealed">The name and the sender's note, encrypted for the sender.</param>
/// <param name="Message">What is sent to the name when the invitation is stored.</param>
/// <param name="Proof">What stands for it that the sender asks; no part of what a key stands for.</param>
[GenerateSerializer, Immutable, Alias("sp.InvitationRequest")]
public sealed record InvitationRequest(
    [property: Id(0)] InvitationId Id,
    [property: Id(1)] InvitedName Name,
    [property: Id(2)] string Asset,
    [property: Id(3)] string Amount,
    [property: Id(4)] string IdempotencyKey,
    [property: Id(5)] string Fingerprint,
    [property: Id(6)] byte[] Sealed,
    [property: Id(7)] InvitationMessage? Message = null,
    [property: Id(8)] PayerProof Proof = PayerProof.Session);

/// <summary>A name that nobody has confirmed.</summary>
/// <param name="Digest">Its index, an HMAC: all that is known of it outside of front doors.</param>
/// <param name="Kind"><c>email</c> or <c>phone</c>.</param>
[GenerateSerializer, Immutable, Alias("sp.InvitedName")]
public sealed record InvitedName([property: Id(0)] byte[] Digest, [property: Id(1)] string Kind);

/// <summary>What is said to whom is invited, encrypted, for the outbox of messages.</summary>
/// <param name="Id">The message's id.</param>
/// <param name="Channel"><c>email</c> or <c>sms</c>.</param>
/// <param name="Sealed">What only front doors read.</param>
/// <param name="DueAt">When it is sent.</param>
/// <param name="ExpiresAt">After this it is given up.</param>
[GenerateSerializer, Immutable, Alias("sp.InvitationMessage")]
public sealed record InvitationMessage(
    [property: Id(0)] string Id,
    [property: Id(1)] string Channel,
    [property: Id(2)] byte[] Sealed,
    [property: Id(3)] DateTimeOffset DueAt,
    [property: Id(4)] DateTimeOffset ExpiresAt);

/// <summary>An invitation as its sender sees it, but for what the front door alone can read of it.</summary>
/// <param name="Id">The invitation's id.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Amount">What is set aside.</param>
/// <param name="Sealed">The name and the sender's note, encrypted for the sender.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">Until when the name can be confirmed.</param>
/// <param name="EndedAt">When it was over, or null.</param>
/// <param name="Payment">Its payment, once there is one.</param>
/// <param name="FailureCode">Why it failed, or null.</param>
[GenerateSerializer, Immutable, Alias("sp.InvitationView")]
public sealed record InvitationView(
    [property: Id(0)] InvitationId Id,
    [property: Id(1)] InvitationStatus Status,
    [property: Id(2)] Amount Amount,
    [property: Id(3)] byte[] Sealed,
    [property: Id(4)] DateTimeOffset CreatedAt,
    [property: Id(5)] DateTimeOffset ExpiresAt,
    [property: Id(6)] DateTimeOffset? EndedAt,
    [property: Id(7)] PaymentId? Payment,
    [property: Id(8)] string? FailureCode);
