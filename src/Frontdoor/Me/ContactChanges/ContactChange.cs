using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Frontdoor.Auth.Passwords;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Me.Profiles;
using StellarPay.Frontdoor.Messages;
using StellarPay.Frontdoor.Messages.Budgets;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Frontdoor.Wallets;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Me.ContactChanges;

/// <summary>Exchanges contacts of users for others, and undoes it.</summary>
internal sealed class ContactChange(
    ContactChangeBook book,
    ContactChangeMessages messages,
    PasswordCheck passwords,
    AbsentUser absent,
    UserDirectory directory,
    ProfileBook profiles,
    ContactSeal seal,
    MessageTransports transports,
    CodeRateLimit perNetwork,
    MessageBudget budget,
    WalletOpener wallets,
    MeReader me,
    TimeProvider machine,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    // One who is changed at the same time is read again; nobody is changed that often.
    private const int MostReads = 3;

    public Task<Results<Ok<CodeJson>, Problem>> AskEmailAsync(
        EmailChangeRequest request, ClaimsPrincipal caller, ClientAddress address, CancellationToken cancellationToken)
    {
        var (email, _, problem) = string.IsNullOrEmpty(request.Email)
            ? (null, null, Problem.Missing("email"))
            : Credentials.ReadOneName(request.Email, null);
        return AskAsync(
            email is null ? null : new Contact(ContactKind.Email, email), problem, request.Password, caller, address, cancellationToken);
    }

    public Task<Results<Ok<CodeJson>, Problem>> AskPhoneAsync(
        PhoneChangeRequest request, ClaimsPrincipal caller, ClientAddress address, CancellationToken cancellationToken)
    {
        var (_, phone, problem) = string.IsNullOrEmpty(request.Phone)
            ? (null, null, Problem.Missing("phone"))
            : Credentials.ReadOneName(null, request.Phone);
        return AskAsync(
            phone is null ? null : new Contact(ContactKind.Phone, phone), problem, request.Password, caller, address, cancellationToken);
    }

    public async Task<Results<Ok<MeJson>, Problem>> ConfirmAsync(
        CodeRequest request, ClaimsPrincipal caller, ContactKind kind, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(request.Code))
        {
            return Problem.Missing("code");
        }

        if (!OneTimeCode.TryParse(request.Code, out var code))
        {
            return Confirmation.Malformed;
        }

        var id = caller.UserId();
        var outcome = ChangeOutcome.Again;
        for (var reads = 0; outcome == ChangeOutcome.Again && reads < MostReads; reads++)
        {
            if (await directory.FindFreshAsync(id, cancellationToken) is not { } user)
            {
                return Problem.Of(new Error(ErrorKind.NotFound, "user_not_found", "There is no such user."));
            }

            var (undo, until) = (LongCode.New(), time.GetUtcNow() + ContactChangeBook.UndoneFor);
            var told = messages.Changed(
                user, await seal.OpenAsync(user, cancellationToken), await profiles.FindAsync(id, cancellationToken), kind, undo, until);
            outcome = await book.ConfirmAsync(user, kind, code, undo, until, told, caller.SessionId()!, cancellationToken);
        }

        switch (outcome)
        {
            case ChangeOutcome.Changed:
                // Who had confirmed nothing has a wallet to be opened now; who is invited by the new name may have it opened sooner.
                await wallets.TryConfirmedAsync(id);
                // The answer is not what was read before the change.
                await directory.FindFreshAsync(id, cancellationToken);
                return await me.ReadAsync(id, cancellationToken);
            case ChangeOutcome.Taken:
                return Problem.Of(new Error(
                    ErrorKind.Conflict,
                    $"{Contact.NameOf(kind)}_taken",
                    "Another account has this, or gave it up so lately that it is kept for it.",
                    Contact.NameOf(kind)));
            case ChangeOutcome.SessionEnded:
                return SessionGate.Over;
            case ChangeOutcome.TooMany:
                return Problem.Of(TooManyChanges(kind));
            case ChangeOutcome.Again:
                return Problem.Unavailable("temporarily_unavailable", "Your account is being changed otherwise. Try again in a moment.");
            default:
                return Problem.Of(Confirmation.WrongCode);
        }
    }

    public async Task<Results<NoContent, Problem>> UndoAsync(UndoRequest request, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(request.Code))
        {
            return Problem.Missing("code");
        }

        return LongCode.TryParse(request.Code, out var code) && await book.UndoAsync(code, absent.Hash, cancellationToken)
            ? TypedResults.NoContent()
            : Problem.Of(new Error(
                ErrorKind.Refused, "undo_code_invalid", "This is not such a code, or it holds no more: it holds 72 hours, once.", "code"));
    }

    private async Task<Results<Ok<CodeJson>, Problem>> AskAsync(
        Contact? wanted, Problem? problem, string? password, ClaimsPrincipal caller, ClientAddress address,
        CancellationToken cancellationToken)
    {
        if (wanted is null)
        {
            return problem!;
        }

        if (string.IsNullOrEmpty(password))
        {
            return Problem.Missing("password");
        }

        if (!transports.Offers(wanted.Channel))
        {
            return Problem.Of(Confirmation.NotOffered(wanted.Kind));
        }

        if (await perNetwork.TakeAsync(address) is { } wait)
        {
            return Confirmation.TooMany(wait);
        }

        var id = caller.UserId();
        if (await passwords.RequireAsync(id, caller.SessionId()!, password, cancellationToken) is { } refused)
        {
            return refused;
        }

        if (await directory.FindAsync(id, cancellationToken) is not { } user)
        {
            return Problem.Of(new Error(ErrorKind.NotFound, "user_not_found", "There is no such user."));
        }

        var names = await seal.OpenAsync(user, cancellationToken);
        var notices = messages.Asked(user, names, await profiles.FindAsync(id, cancellationToken), wanted.Kind, time.GetUtcNow());
        if (await budget.TakeAsync(
                new MessageAsk(MessageUse.Code, wanted.Channel, wanted.Name, address), cancellationToken) is not { } share)
        {
            return Confirmation.TooMany(budget.Tomorrow - machine.GetUtcNow());
        }

        // Carried out even if the caller hangs up: something was taken for it.
        var told = await TakeForNoticesAsync(user.UserId, notices);
        var (outcome, at) = await book.AskAsync(
            user.UserId, wanted, [.. told.Select(one => one.Notice)], share, caller.SessionId()!, CancellationToken.None);
        if (outcome != ChangeAskOutcome.Sent)
        {
            budget.PutInHand(share);
            foreach (var one in told)
            {
                await budget.ReturnAsync(one.Share, CancellationToken.None);
            }
        }

        return (outcome, at) switch
        {
            (ChangeAskOutcome.Sent, var expiresAt) => TypedResults.Ok(new CodeJson("code", wanted.KindName, wanted.Name, expiresAt)),
            (ChangeAskOutcome.Limited, var retryAt) => Confirmation.TooMany(retryAt - time.GetUtcNow()),
            (ChangeAskOutcome.SessionEnded, _) => SessionGate.Over,
            (ChangeAskOutcome.Same, _) => Problem.Of(Confirmation.Already(wanted.Kind)),
            _ => Problem.Of(TooManyChanges(wanted.Kind)),
        };
    }

    // What his other contacts are told of it is his notices', and theirs has a day: else whoever asks all day has the platform pay for SMS.
    private async Task<List<(Message Notice, MessageShare Share)>> TakeForNoticesAsync(UserId user, IReadOnlyList<Message> notices)
    {
        var told = new List<(Message, MessageShare)>();
        foreach (var notice in notices)
        {
            var ask = new MessageAsk(MessageUse.Security, notice.Channel, notice.To, User: user);
            if (await budget.TakeAsync(ask, CancellationToken.None) is { } share)
            {
                told.Add((notice, share));
            }
        }

        return told;
    }

    private static Error TooManyChanges(ContactKind kind) => new(
        ErrorKind.Refused,
        $"{Contact.NameOf(kind)}_changed_recently",
        $"You have changed this {ContactChangeBook.MostOpen} times within 72 hours. Come again later.",
        Contact.NameOf(kind));
}
