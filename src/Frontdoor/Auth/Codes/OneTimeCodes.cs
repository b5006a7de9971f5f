using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Settings;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Frontdoor.Messages;
using StellarPay.Frontdoor.Messages.Budgets;
using StellarPay.Grains;

namespace StellarPay.Frontdoor.Auth.Codes;

/// <summary>What a code is for; for anything else it is none.</summary>
internal enum CodePurpose
{
    /// <summary>That a name is its user's.</summary>
    Confirm,

    /// <summary>That another name is to be his.</summary>
    Change,

    /// <summary>That somebody may set a password.</summary>
    Password,
}

/// <summary>A code to be written, as identity.code_offer has it: a short one and one at length, of which the database sends one.</summary>
internal sealed record CodeOffer(
    byte[] Handle, byte[] NameDigest, byte[][] Hashes, DateTimeOffset ExpiresAt, byte[][] CountKeys, int[] Most,
    TimeSpan[] Windows, string MessageId, string Channel, byte[][] Messages, DateTimeOffset DueAt, MessageShare Share);

/// <summary>
/// Makes one-time codes and knows them again, for all that is proven by them; they are kept by
/// infra/postgres/migrations/0031_one_time_codes.sql. Nothing of a code is in the database but digests, and of a name digests and what is
/// sealed for its user.
/// </summary>
internal sealed class OneTimeCodes
{
    public const int MostTries = 5;

    /// <summary>How many parameters of a statement an offer is.</summary>
    public const int Fields = 15;

    /// <summary>Codes within <see cref="Window"/> for one name of one account, and for passwords to one name.</summary>
    public const int MostForAccount = 5;

    /// <summary>Codes of one purpose within <see cref="Window"/> to one name, whoever asks.</summary>
    public const int MostToName = 10;

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);
    public static readonly TimeSpan Day = TimeSpan.FromHours(24);

    // No purpose uses up what another has of a recipient's day.
    private static readonly int Purposes = Enum.GetValues<CodePurpose>().Length;

    private readonly byte[] _codeKey;
    private readonly byte[] _digestKey;
    private readonly byte[] _undoKey;
    private readonly MessageSeal _seal;
    private readonly MessageOptions _messages;
    private readonly TimeProvider _time;
    private readonly TimeProvider _system;

    public OneTimeCodes(
        byte[] secret, MessageSeal seal, IOptions<MessageOptions> messages, TimeProvider time, TimeProvider system)
    {
        _codeKey = TokenSecret.DeriveKey(secret, "stellarpay/one-time codes/v1"u8);
        _digestKey = TokenSecret.DeriveKey(secret, "stellarpay/one-time code digests/v1"u8);
        _undoKey = TokenSecret.DeriveKey(secret, "stellarpay/contact undo codes/v1"u8);
        (_seal, _messages, _time, _system) = (seal, messages.Value, time, system);
    }

    public static OneTimeCodes Of(IServiceProvider provider, bool development) => new(
        TokenSecret.Read(provider.GetRequiredService<IOptions<StellarPaySettings>>().Value, development),
        provider.GetRequiredService<MessageSeal>(),
        provider.GetRequiredService<IOptions<MessageOptions>>(),
        provider.GetRequiredKeyedService<TimeProvider>(BusinessTime.Key),
        provider.GetRequiredService<TimeProvider>());

    /// <summary>How many codes of one purpose one name is sent in a day, whoever asks.</summary>
    public int MostInADay(MessageChannel channel) => Math.Max(
        1,
        (channel == MessageChannel.Email ? _messages.Budgets.EmailCodesPerRecipient : _messages.Budgets.SmsCodesPerRecipient) / Purposes);

    /// <summary>A new code for one use of a purpose.</summary>
    /// <param name="purpose">What it is for.</param>
    /// <param name="contact">Whom it is sent to.</param>
    /// <param name="use">By what the short one is entered: it is good for that alone.</param>
    /// <param name="compose">The message that brings a code, under an id.</param>
    /// <param name="share">What was taken for it of the day's budget.</param>
    /// <param name="sentAt">When it is sent, if not now.</param>
    public CodeOffer New(
        CodePurpose purpose, Contact contact, string use, Func<string, OneTimeCode, Message> compose, MessageShare share,
        DateTimeOffset? sentAt = null)
    {
        var asked = _system.GetUtcNow();
        var due = sentAt ?? asked;
        var id = MessageOutbox.NewId(_system);
        OneTimeCode[] codes = [OneTimeCode.New(), OneTimeCode.NewLong()];
        return new CodeOffer(
            HandleOf(purpose, use),
            NameDigestOf(purpose, contact),
            [.. codes.Select(code => HashOf(purpose, use, code))],
            // It holds from when it is sent.
            _time.GetUtcNow() + (due - asked) + Lifetime,
            [NameDigestOf(purpose, contact, "hour"), NameDigestOf(purpose, contact, "day")],
            [purpose == CodePurpose.Password ? MostForAccount : MostToName, MostInADay(contact.Channel)],
            [Window, Day],
            id,
            MessageOutbox.NameOf(contact.Channel),
            [.. codes.Select(code => _seal.Seal(compose(id, code)))],
            due,
            share);
    }

    /// <summary>By what a code is found.</summary>
    public byte[] HandleOf(CodePurpose purpose, string use) => Digest("handle", purpose, use);

    /// <summary>By what the code at length is found that was the last to a name.</summary>
    public byte[] NameDigestOf(CodePurpose purpose, Contact contact, string counted = "name") =>
        Digest(counted, purpose, $"{contact.KindName}\0{contact.Key}");

    /// <summary>By what the codes are counted that an account asks for.</summary>
    public byte[] AccountKeyOf(CodePurpose purpose, string use) => Digest("account", purpose, use);

    /// <summary>What is kept of a code. One at length is good for whichever of its purpose's uses.</summary>
    public byte[] HashOf(CodePurpose purpose, string use, OneTimeCode code) =>
        code.HashFor(code.IsLong ? $"{purpose}" : $"{purpose}\0{use}", _codeKey);

    /// <summary>What is kept of a code that undoes.</summary>
    public byte[] UndoHashOf(LongCode code) => code.HashFor(_undoKey);

    /// <summary>The offer as it stands in a statement whose parameters it has from this one on.</summary>
    public static string At(int first) =>
        $"ROW({string.Join(", ", Enumerable.Range(first, Fields).Select(n => $"${n}"))})::identity.code_offer";

    public static void Add(NpgsqlCommand command, CodeOffer offer)
    {
        command.Parameters.AddWithValue(offer.Handle);
        command.Parameters.AddWithValue(offer.NameDigest);
        command.Parameters.AddWithValue(offer.Hashes);
        command.Parameters.AddWithValue(MostTries);
        command.Parameters.AddWithValue(offer.ExpiresAt);
        command.Parameters.AddWithValue(offer.CountKeys);
        command.Parameters.AddWithValue(offer.Most);
        command.Parameters.AddWithValue(offer.Windows);
        command.Parameters.AddWithValue(offer.MessageId);
        command.Parameters.AddWithValue(offer.Channel);
        command.Parameters.AddWithValue(offer.Messages);
        command.Parameters.AddWithValue(offer.DueAt);
        command.Parameters.AddWithValue(offer.DueAt + Lifetime);
        command.Parameters.AddWithValue(offer.Share.Day);
        command.Parameters.AddWithValue(offer.Share.Counted);
    }

    private byte[] Digest(string what, CodePurpose purpose, string of) =>
        HMACSHA256.HashData(_digestKey, Encoding.UTF8.GetBytes($"{what}\0{purpose}\0{of}"));
}
