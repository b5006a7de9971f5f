using Npgsql;
using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Me.ContactChanges;
using StellarPay.Frontdoor.Me.Profiles;
using StellarPay.Frontdoor.Messages;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Auth.Factors;

/// <summary>What undoes that a factor was set up, as identity.undo_offer has it.</summary>
internal sealed record FactorUndo(
    byte[] Hash, DateTimeOffset Until, string[] MessageIds, string[] Channels, byte[][] Messages, DateTimeOffset DueAt)
{
    /// <summary>How many parameters of a statement it is.</summary>
    public const int Fields = 7;

    /// <summary>As it stands in a statement whose parameters it has from this one on.</summary>
    public static string At(int first) =>
        $"ROW({string.Join(", ", Enumerable.Range(first, Fields).Select(n => $"${n}"))})::identity.undo_offer";

    public void AddTo(NpgsqlCommand command)
    {
        command.Parameters.AddWithValue(Hash);
        command.Parameters.AddWithValue(Until);
        command.Parameters.AddWithValue(MessageIds);
        command.Parameters.AddWithValue(Channels);
        command.Parameters.AddWithValue(Messages);
        command.Parameters.AddWithValue(DueAt);
        command.Parameters.AddWithValue(DueAt + ContactChangeBook.UndoneFor);
    }
}

/// <summary>
/// Whoever sets up a factor in somebody else's account keeps him out. So all of his confirmed contacts are told, in the transaction that
/// sets it up, and brought a code that undoes it, as changes of contacts are undone.
/// </summary>
internal sealed class FactorUndos(
    UserDirectory directory,
    ContactSeal names,
    ProfileBook profiles,
    ContactChangeMessages messages,
    OneTimeCodes codes,
    MessageSeal seal,
    MessageBell bell,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time,
    TimeProvider system)
{
    /// <summary>What goes with a factor that is set up now.</summary>
    public async Task<FactorUndo> NewAsync(UserId user, CancellationToken cancellationToken)
    {
        var (now, undo) = (time.GetUtcNow(), LongCode.New());
        var until = now + ContactChangeBook.UndoneFor;
        var told = await directory.FindFreshAsync(user, cancellationToken) is { } found
            ? messages.FactorAdded(
                found, await names.OpenAsync(found, cancellationToken), await profiles.FindAsync(user, cancellationToken), now, undo, until)
            : [];
        return new FactorUndo(
            codes.UndoHashOf(undo), until, [.. told.Select(message => message.Id)],
            [.. told.Select(message => MessageOutbox.NameOf(message.Channel))], [.. told.Select(seal.Seal)], system.GetUtcNow());
    }

    /// <summary>The factor is set up: there is something to send.</summary>
    public void Ring()
    {
        bell.Ring(MessageChannel.Email);
        bell.Ring(MessageChannel.Sms);
    }
}
