using Npgsql;
using StellarPay.Grains.Invitations;

namespace StellarPay.Adapters.Postgres.Invitations;

/// <summary>Reads why <c>identity.invitations_apply</c> refused a write.</summary>
internal sealed class PostgresInvitationRefusals : IInvitationRefusals
{
    public const string NameFullState = "SP002";
    public const string NameTakenState = "SP003";
    public const string ConfirmedState = "SP004";
    public const string AlreadyInvitedState = "SP006";

    // For whoever tells a wallet what is not so; no caller of the wallet's gets to see it.
    public const string UnconfirmedState = "SP005";

    public InvitationRefusal Of(Exception writeFailure)
    {
        for (var cause = writeFailure; cause is not null; cause = cause.InnerException)
        {
            if (cause is PostgresException refused)
            {
                return refused.SqlState switch
                {
                    NameFullState => InvitationRefusal.NameFull,
                    NameTakenState => InvitationRefusal.NameTaken,
                    ConfirmedState => InvitationRefusal.Confirmed,
                    AlreadyInvitedState => InvitationRefusal.AlreadyInvited,
                    _ => InvitationRefusal.None,
                };
            }
        }

        return InvitationRefusal.None;
    }
}
