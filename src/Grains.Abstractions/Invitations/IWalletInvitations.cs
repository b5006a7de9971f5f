using Orleans.Concurrency;
using StellarPay.Grains.Access;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Invitations;

/// <summary>
/// Money that a wallet sets aside for whoever confirms a name (docs/decisions/0050). The same grain as
/// <see cref="Wallets.IWalletGrain"/>; its snapshot has the invitations.
/// </summary>
[Alias("sp.IWalletInvitations"), ForUsers]
public interface IWalletInvitations : IGrainWithStringKey
{
    /// <summary>
    /// Checks the amount as a payment's and reserves it, until the name is confirmed or the time is over. A repeat under the same key
    /// returns the same invitation.
    /// </summary>
    [Alias("Invite"), AlwaysInterleave]
    Task<Result<InvitationView>> InviteAsync(UserId caller, InvitationRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// What was answered to such a request under this key before; <c>invitation_not_found</c> where nothing was.
    /// </summary>
    [Alias("FindInvited"), AlwaysInterleave]
    Task<Result<InvitationView>> FindInvitedAsync(
        UserId caller, InvitationRequest request, CancellationToken cancellationToken = default);

    /// <summary>Takes an invitation back whose name nobody has confirmed. A repeat returns it.</summary>
    [Alias("CancelInvitation"), AlwaysInterleave]
    Task<Result<InvitationView>> CancelInvitationAsync(UserId caller, InvitationId invitation);

    /// <summary>
    /// A name that the wallet invited was confirmed in time: from here on the amount is that user's. Front doors tell it, for they alone
    /// can read the name; that it is so the wallet's write asks the database. One that comes again, or that the wallet knows nothing of,
    /// changes nothing; in each case nobody need tell it again.
    /// </summary>
    /// <param name="caller">The sender, whose wallet it is.</param>
    /// <param name="invitation">The invitation.</param>
    /// <param name="user">Whose the name is.</param>
    /// <param name="name">The name as he gave it, for the payment; empty where he was erased since.</param>
    /// <returns><c>invitation_not_found</c> where the wallet knows nothing of it.</returns>
    [Alias("TakeInvitation")]
    Task<Result<InvitationView>> TakeInvitationAsync(UserId caller, InvitationId invitation, UserId user, string name);
}
