using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Errors;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Checkout.WalletPay;

/// <summary>
/// Logins for one payment: by the same way as all logins, into a session without tokens, which a ticket names. That session is ended as any
/// is, by its user, by another password or factor, by the payment; and its ticket with it.
/// </summary>
internal sealed class PayerLogins(
    PayerTickets tickets, PasswordLogin passwords, FactorLogin logins, SecondFactor factors, Login login, SessionLookup sessions,
    SessionBook book, UserDirectory directory, ContactSeal seal)
{
    /// <summary>Who a ticket says is logged in; null where nobody is, or no more.</summary>
    public async Task<Payer?> FindAsync(PayerTicket? ticket, CancellationToken cancellationToken) =>
        ticket is { Login: { } session, User: { } id } && UserId.TryParse(id, out var user)
        && await sessions.FindAsync(session, user, cancellationToken) is { } found
            ? new Payer(user, session, found)
            : null;

    /// <summary>Why he may pay nothing, by the same rule as at the API; null where he may.</summary>
    public static Problem? RefusalOf(Payer payer) => payer.Found.Confirmed ? null : ConfirmedOnly.Refusal;

    /// <summary>What the payer is called who is logged in.</summary>
    public async Task<string> NameOfAsync(Payer payer, CancellationToken cancellationToken) =>
        await directory.FindAsync(payer.User, cancellationToken) is { } user ? (await seal.OpenAsync(user, cancellationToken)).Label : "";

    /// <summary>A name and a password: the next ticket, or why there is none.</summary>
    public async Task<(PayerTicket? Ticket, Problem? Refused)> EnterAsync(
        string? name, string? password, HttpContext context, CancellationToken cancellationToken)
    {
        var isEmail = name?.Contains('@', StringComparison.Ordinal) is true;
        var outcome = await passwords.EnterAsync(
            new LoginRequest(isEmail ? name : null, isEmail ? null : name, password), context,
            (user, client) => OpenAsync(user, client, factorShown: false, cancellationToken), cancellationToken);
        return outcome switch
        {
            { Session: { } opened } => (TicketOf(opened), null),
            { Challenge: { } challenge } => (tickets.New(challenge: challenge.Challenge), null),
            _ => (null, outcome.Refused),
        };
    }

    /// <summary>A second factor, in the midst of a login or in the session that it opened: the next ticket, or why there is none.</summary>
    public async Task<(PayerTicket? Ticket, Problem? Refused)> ShowAsync(
        PayerTicket ticket, Payer? payer, string? code, HttpContext context, CancellationToken cancellationToken)
    {
        // One field for both.
        var isRecovery = RecoveryCode.TryParse(code, out _);
        var shown = new ShownFactor(isRecovery ? null : code, isRecovery ? code : null);
        if (SecondFactor.CheckForm(shown.Code, shown.RecoveryCode) is { } malformed)
        {
            return (null, malformed);
        }

        if (payer is not null)
        {
            return await factors.TakeAsync(payer.User, payer.Login, shown, cancellationToken) is { } refused
                ? (null, refused)
                : (ticket, null);
        }

        var (opened, why) = await logins.AnswerAsync(
            ticket.Challenge ?? "", shown, context, (user, client) => OpenAsync(user, client, factorShown: true, cancellationToken),
            cancellationToken);
        return opened is not null ? (TicketOf(opened), null) : (null, why);
    }

    /// <summary>Ends a login; a repeat changes nothing.</summary>
    public Task EndAsync(PayerTicket? ticket, CancellationToken cancellationToken) =>
        ticket?.Login is { } session ? book.LogOutAsync(session, cancellationToken) : Task.CompletedTask;

    private PayerTicket TicketOf(OpenSession opened) => tickets.New(opened.User.Value, login: opened.Id);

    private Task<(OpenSession? Session, Problem? Refused)> OpenAsync(
        User user, SessionClient client, bool factorShown, CancellationToken cancellationToken) =>
        login.OpenWithoutTokensAsync(user, client, factorShown, PayerTickets.Lifetime, cancellationToken);
}
