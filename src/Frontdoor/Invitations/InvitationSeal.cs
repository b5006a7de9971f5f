using System.Text.Json;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Invitations;
using StellarPay.Grains.Keys.Subjects;

namespace StellarPay.Frontdoor.Invitations;

/// <summary>What of an invitation names a stranger, or is the sender's own word.</summary>
/// <param name="Recipient">The e-mail address or phone number.</param>
/// <param name="Note">The sender's note, or null.</param>
internal sealed record InvitationText(string Recipient, string? Note)
{
    // Of somebody who was erased: nobody is left to ask.
    public static InvitationText Gone { get; } = new("", null);
}

/// <summary>Encrypts it under the sender's own key: silos store it, and do not read it; with the sender's erasure it is noise.</summary>
internal sealed class InvitationSeal(ISubjectKeys keys)
{
    public Task<byte[]> SealAsync(UserId sender, InvitationId id, InvitationText text, CancellationToken cancellationToken) =>
        keys.SealAsync(FieldOf(sender, id), JsonSerializer.SerializeToUtf8Bytes(text), cancellationToken);

    /// <summary>An invitation as its sender is shown it.</summary>
    public async Task<InvitationJson> OpenAsync(UserId sender, InvitationView invitation, CancellationToken cancellationToken)
    {
        var opened = await keys.OpenAsync(FieldOf(sender, invitation.Id), invitation.Sealed, cancellationToken);
        return InvitationJson.Of(invitation, opened is null ? InvitationText.Gone : JsonSerializer.Deserialize<InvitationText>(opened)!);
    }

    /// <summary>Several of them, in their order.</summary>
    public async Task<IReadOnlyList<InvitationJson>> OpenAsync(
        UserId sender, IEnumerable<InvitationView> invitations, CancellationToken cancellationToken)
    {
        var opened = new List<InvitationJson>();
        foreach (var invitation in invitations)
        {
            opened.Add(await OpenAsync(sender, invitation, cancellationToken));
        }

        return opened;
    }

    private static SubjectField FieldOf(UserId sender, InvitationId id) => new(sender.Value, "grain_rows", "sealed", id.Value, IsPersonal: true);
}
