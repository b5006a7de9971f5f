using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Npgsql;
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
    IPasswordHasher<User> hasher,
    NpgsqlDataSource database,
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
    private const int StampBytes = 20;

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
            user.PasswordHash = await turn.HashAsync(() => hasher.HashPassword(user, credentials.Password));
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

    // Both or neither, in one statement: nobody is here whose word is lost, and no transaction waits for this process.
    private async Task StoreAsync(User user, ProfileChange profile, CancellationToken cancellationToken)
    {
        var said = profile.IsEmpty ? null : await profile.SealAsync(user.UserId, keys, cancellationToken);
        user.SecurityStamp = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(StampBytes));
        await using var create = database.CreateCommand("SELECT identity.user_create($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb)");
        create.Parameters.AddWithValue(user.Id);
        create.Parameters.Add(new NpgsqlParameter<byte[]?> { TypedValue = user.SealedEmail });
        create.Parameters.Add(new NpgsqlParameter<byte[]?> { TypedValue = user.EmailIndex });
        create.Parameters.Add(new NpgsqlParameter<byte[]?> { TypedValue = user.SealedPhone });
        create.Parameters.Add(new NpgsqlParameter<byte[]?> { TypedValue = user.PhoneIndex });
        create.Parameters.AddWithValue(user.PasswordHash!);
        create.Parameters.AddWithValue(user.SecurityStamp);
        create.Parameters.AddWithValue(user.ConcurrencyStamp!);
        create.Parameters.AddWithValue(user.CreatedAt);
        create.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = said });
        await create.ExecuteNonQueryAsync(cancellationToken);
        SignUpTelemetry.Ended("created");
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
