using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.RateLimits;

namespace StellarPay.Frontdoor.Contacts;

/// <summary>
/// Changes contacts for their user. A session alone adds and removes them, and calls them otherwise; but whom a contact pays, and for
/// whom a nickname stands that stood for another one of late, only he changes who proves himself: else whoever has found a session has the
/// rent paid to himself.
/// </summary>
internal sealed class ContactDesk(ContactBook contacts, OwnerProof proof, ChangeRateLimit limit)
{
    private const string Why =
        "it changes whom one of your contacts stands for, or gives another one the name of a contact that you had within 30 days.";

    public Task<(ContactOutcome Outcome, Contact? Contact, Problem? Problem)> AddAsync(
        string nickname, string recipient, string? password, HttpContext context, CancellationToken cancellationToken) =>
        AskAsync(
            asker => contacts.AddAsync(asker, nickname, recipient, cancellationToken), isCounted: true, password, context,
            cancellationToken);

    /// <summary>Changes what is given; a recipient that the contact has already is no change.</summary>
    public async Task<(ContactOutcome Outcome, Contact? Contact, Problem? Problem)> UpdateAsync(
        string id, string? nickname, string? recipient, string? password, HttpContext context, CancellationToken cancellationToken)
    {
        var user = context.User.UserId();
        if (await contacts.FindAsync(user, id, cancellationToken) is not { } before)
        {
            return (ContactOutcome.Missing, null, null);
        }

        var other = recipient == before.Recipient ? null : recipient;
        var (outcome, _, problem) = await AskAsync(
            async asker => (await contacts.UpdateAsync(asker, id, nickname, other, cancellationToken), default(Contact)),
            isCounted: nickname is not null, password, context, cancellationToken);
        return outcome == ContactOutcome.Done && problem is null
            && await contacts.FindAsync(user, id, cancellationToken) is { } after
            ? (outcome, after, null)
            : (outcome == ContactOutcome.Done ? ContactOutcome.Missing : outcome, null, problem);
    }

    // Without proof first: what it is needed for, the database knows.
    private async Task<(ContactOutcome Outcome, Contact? Contact, Problem? Problem)> AskAsync(
        Func<ContactAsker, Task<(ContactOutcome Outcome, Contact? Contact)>> change, bool isCounted, string? password, HttpContext context,
        CancellationToken cancellationToken)
    {
        var asker = new ContactAsker(context.User.UserId(), context.User.SessionId()!, Proven: false);
        if (isCounted && await limit.TakeContactAsync(context.User) is { } tooMany)
        {
            return (ContactOutcome.Missing, null, tooMany);
        }

        var (outcome, contact) = await change(asker);
        if (outcome != ContactOutcome.ProofNeeded)
        {
            return (outcome, contact, null);
        }

        if ((await proof.CheckAsync(password, Why, asker.User, context, cancellationToken)
            ?? await limit.TakeAsync(SecurityChange.Recipient, context.User)) is { } refused)
        {
            return (outcome, null, refused);
        }

        (outcome, contact) = await change(asker with { Proven = true });
        return (outcome, contact, null);
    }
}
