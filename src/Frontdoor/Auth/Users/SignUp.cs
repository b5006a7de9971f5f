using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Frontdoor.Auth.Passwords;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Me;
using StellarPay.Frontdoor.Me.Profiles;
using StellarPay.Frontdoor.Messages;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys.Subjects;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>
/// Makes users. A name is nobody's before it is confirmed, so that it does not matter who else has given it or has it: nothing that is
/// done or answered here differs by that.
/// </summary>
internal sealed partial class SignUp(
    UserManager<User> users,
    IdentityDb database,
    ISubjectKeys keys,
    ContactIndex index,
    ContactSeal seal,
    PasswordQueue queue,
    ContactCodes codes,
    MessageTransports transports,
    CodeRateLimit perNetwork,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time,
    ILogger<SignUp> logger)
{
    /// <summary>The user; when his codes are sent, where that is not at once; or why there is none.</summary>
    public async Task<(User? User, DateTimeOffset? CodeSentAt, Problem? Problem)> CreateAsync(
        Credentials credentials, ProfileChange profile, ClientAddress address, CancellationToken cancellationToken)
    {
        if (NotOffered(credentials) is { } kind)
        {
            return (null, null, Problem.Of(Confirmation.NotOffered(kind)));
        }

        if (await perNetwork.TakeAsync(address) is { } wait)
        {
            return (null, null, Confirmation.TooMany(wait));
        }

        var (turn, refused) = await queue.EnterAsync(address, credentials.Name, cancellationToken);
        if (turn is null)
        {
            return (null, null, refused);
        }

        var user = new User
        {
            Id = UserId.New(time).Value,
            CreatedAt = time.GetUtcNow(),
        };
        using (turn)
        {
            user.PasswordHash = await turn.HashAsync(() => users.PasswordHasher.HashPassword(user, credentials.Password));
        }

        // From the first seal on it is carried out even if the caller hangs up: that stores his data key, which is not to be left alone.
        Contact[] contacts = [.. Contact.Kinds.Select(credentials.Names.Of).OfType<Contact>()];
        foreach (var contact in contacts)
        {
            var sealedName = await seal.SealAsync(user.UserId, contact, CancellationToken.None);
            user.Name(contact.Kind, sealedName, await index.OfAsync(contact, CancellationToken.None));
        }

        await StoreAsync(user, profile, CancellationToken.None);
        return (user, await SendCodesAsync(user.UserId, contacts, address, CancellationToken.None), null);
    }

    // Both or neither: nobody is here whose word is lost.
    private async Task StoreAsync(User user, ProfileChange profile, CancellationToken cancellationToken)
    {
        var said = profile.IsEmpty ? null : await profile.SealAsync(user.UserId, keys, cancellationToken);
        await using var both = await database.Database.BeginTransactionAsync(cancellationToken);
        var result = await users.CreateAsync(user);
        SignUpTelemetry.Ended(result.Succeeded ? "created" : "refused");
        if (!result.Succeeded)
        {
            throw new InvalidOperationException(
                $"Identity refused a user that had been checked: {string.Join(", ", result.Errors.Select(e => e.Code))}.");
        }

        if (said is not null)
        {
            await database.Database.ExecuteSqlAsync(
                $"SELECT identity.profile_change('', '', {user.Id}, NULL, {said}::jsonb, {user.CreatedAt})", cancellationToken);
        }

        await both.CommitAsync(cancellationToken);
    }

    private ContactKind? NotOffered(Credentials credentials) =>
        credentials.Email is not null && !transports.Offers(MessageChannel.Email) ? ContactKind.Email
        : credentials.Phone is not null && !transports.Offers(MessageChannel.Sms) ? ContactKind.Phone
        : null;

    // When the last is sent, or may be asked for, if not at once.
    private async Task<DateTimeOffset?> SendCodesAsync(
        UserId user, Contact[] contacts, ClientAddress address, CancellationToken cancellationToken)
    {
        DateTimeOffset? later = null;
        foreach (var contact in contacts)
        {
            try
            {
                var sent = await codes.SendAsync(user, contact, address, cancellationToken);
                later = sent.SentAt ?? sent.RetryAt ?? later;
            }
            catch (Exception e) when (ExceptionProblems.IsPassing(e))
            {
                // He is a user by now, and can ask for another.
                LogNoCode(logger, e, user);
            }
        }

        return later;
    }

    [LoggerMessage(EventId = 5003, Level = LogLevel.Warning, Message = "{User} signed up and was sent no code.")]
    private static partial void LogNoCode(ILogger logger, Exception exception, UserId user);
}
