using Npgsql;
using StellarPay.Grains.Invitations;

namespace StellarPay.Adapters.Postgres.Invitations;

/// <summary>Reads why <c>identity.invitations_apply</c> refused a write.</summary>
internal sealed class PostgresInvitationRefusals : IInvitationRefusals
{
    public const string NameFullState = "SP010";
    public const string NameTakenState = "SP011";
    public const string ConfirmedState = "SP012";
    public const string AlreadyInvitedState = "SP014";
    public const string InvitedOftenState = "SP015";

    // For whoever tells a wallet what is not so; no caller of the wallet's gets to see it.
    public const string UnconfirmedState = "SP013";

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
                    InvitedOftenState => InvitationRefusal.InvitedOften,
                    _ => InvitationRefusal.None,
                };
            }
        }

        return InvitationRefusal.None;
    }
}
