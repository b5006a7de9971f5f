using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Postgres.Events;
using StellarPay.Frontdoor.Me.Profiles;
using StellarPay.Frontdoor.Messages;
using StellarPay.Grains.Events;
using StellarPay.Grains.Wallets;

namespace StellarPay.Frontdoor.Notices;

/// <summary>Makes messages of events, in the language of whom they are for and on his clock.</summary>
internal sealed class NoticeComposer(MessageTransports transports, IOptions<WalletOptions> wallets, TimeProvider machine)
{
    private const string NewDevice = "security.new_device";
    private const string PasswordReset = "security.password_reset";
    private const string ChangeUndone = "security.contact_change_undone";
    private const string SessionRevoked = "security.session_revoked";
    private const string RecipientAdded = "security.recipient_added";
    private const string RecipientRemoved = "security.recipient_removed";
    private const string RecipientChanged = "security.recipient_changed";
    private const string NoticesChanged = "security.notices_changed";
    private const string FactorAdded = "security.second_factor_added";

    private const string SecretsKnown = "security.merchant_webhook_secrets_known";

    // Of more the rest is found in the list.
    private const int MostEndpoints = 10;

    private static readonly Dictionary<string, FactorNews> Factors = new(StringComparer.Ordinal)
    {
        [FactorAdded] = FactorNews.Added,
        ["security.second_factor_removed"] = FactorNews.Removed,
        ["security.second_factor_locked"] = FactorNews.Locked,
        ["security.recovery_code_used"] = FactorNews.RecoveryCodeUsed,
        ["security.recovery_codes_replaced"] = FactorNews.RecoveryCodesReplaced,
    };

    private static readonly Dictionary<string, MerchantNews> Merchants = new(StringComparer.Ordinal)
    {
        ["security.merchant_key_created"] = MerchantNews.KeyCreated,
        ["security.merchant_key_rotated"] = MerchantNews.KeyRotated,
        ["security.merchant_key_changed"] = MerchantNews.KeyChanged,
        ["security.merchant_key_revoked"] = MerchantNews.KeyRevoked,
        ["security.merchant_key_due"] = MerchantNews.KeyDue,
        ["security.merchant_signing_required"] = MerchantNews.SigningRequired,
        ["security.merchant_signing_optional"] = MerchantNews.SigningOptional,
        ["security.merchant_people_changed"] = MerchantNews.PeopleChanged,
        [EventTypes.RefundAddressSet] = MerchantNews.RefundAddressSet,
        [EventTypes.RefundAddressLapsed] = MerchantNews.RefundAddressLapsed,
        [EventTypes.RefundAddressWithdrawn] = MerchantNews.RefundAddressWithdrawn,
    };

    // What is not worth a claim is not worth a word.
    private readonly decimal _leastTold = decimal.Parse(wallets.Value.MinimumClaim, CultureInfo.InvariantCulture);

    /// <summary>Of what somebody may be told.</summary>
    public static string[] Types { get; } =
        [NewDevice, PasswordReset, ChangeUndone, SessionRevoked, RecipientAdded, RecipientRemoved, RecipientChanged, NoticesChanged,
            SecretsKnown, .. Factors.Keys, .. Merchants.Keys, EventTypes.PaymentSucceeded, EventTypes.WalletCredited,
            EventTypes.InvitationExpired, EventTypes.InvitationFailed];

    /// <summary>What somebody is told of an event: by each way that he wants it by and that there is.</summary>
    public IEnumerable<Draft> Of(FeedEvent happened, Told told)
    {
        var words = NoticeWords.For(told.Profile.Language);
        var when = LocalTime.Of(happened.OccurredAt, told.Profile.TimeZone);
        var data = happened.Data;
        return happened.Type switch
        {
            NewDevice => To(told, NoticeKind.Login, words.NewDevice(TextOf(data, "program"), when)),
            // Whom the code went to has been told with it; this is for his other contact.
            PasswordReset => Others(told, TextOf(data, "channel"), words.PasswordSet(when)),
            // It has been told with the code that undoes it.
            FactorAdded when IsTrue(data, "codeSent") => [],
            // To all of his contacts: whoever keeps him out may read one of them.
            var type when Factors.TryGetValue(type, out var news) => Others(told, channel: null, words.Factor(news, when)),
            var type when Merchants.TryGetValue(type, out var news) =>
                Others(told, channel: null, words.Merchant(news, happened.Subject, when), NoticeKind.Settings),
            SecretsKnown => Others(told, channel: null, words.WebhookSecretsKnown(EndpointsOf(data), when), NoticeKind.Settings),
            RecipientAdded => To(told, NoticeKind.Recipients, words.RecipientAdded(when)),
            RecipientRemoved => To(told, NoticeKind.Recipients, words.RecipientRemoved(when)),
            RecipientChanged => Others(told, channel: null, words.RecipientChanged(when), NoticeKind.Settings),
            NoticesChanged => Others(told, channel: null, words.NoticesChanged(when), NoticeKind.Settings),
            ChangeUndone => To(told, NoticeKind.Security, words.Undone(when)),
            SessionRevoked when TextOf(data, "reason") == "reuse" => To(told, NoticeKind.Security, words.Reuse(when)),
            EventTypes.PaymentSucceeded when Money(data) is { } sent =>
                To(told, NoticeKind.Money, words.Sent(sent, happened.Subject, when)),
            // Whoever invited somebody has been shown the amount as reserved since, and looks at it no more.
            EventTypes.InvitationExpired when Money(data) is { } kept =>
                To(told, NoticeKind.Money, words.InvitationOver(kept, TextOf(data, "invitationId") ?? happened.Subject, wasConfirmed: false)),
            EventTypes.InvitationFailed when Money(data) is { } kept =>
                To(told, NoticeKind.Money, words.InvitationOver(kept, TextOf(data, "invitationId") ?? happened.Subject, wasConfirmed: true)),
            // Dust is sent to be seen: it is no news, and each notice of it would cost us more than it is worth.
            EventTypes.WalletCredited when Money(data) is { } received && AmountOf(data) >= _leastTold =>
                To(told, NoticeKind.Money, words.Received(received, when), strangers: true),
            _ => [],
        };
    }

    /// <summary>What somebody is told of all that was kept back; null where he does not want to know.</summary>
    public Draft? Of(Withheld what, Told told)
    {
        var text = NoticeWords.For(told.Profile.Language).Digest(what.Kind, what.Count);
        // By all the ways by which each of them would have been told.
        var drafts = what.Kind is NoticeKind.Security or NoticeKind.Settings
            ? Others(told, channel: null, text, what.Kind)
            : To(told, what.Kind, text);
        return drafts.FirstOrDefault(draft => draft.Channel == what.Channel);
    }

    /// <summary>What a business's customer is told, who need not be a user; null for nothing.</summary>
    /// <param name="happened">What was decided.</param>
    /// <param name="channel">By what he is told.</param>
    /// <param name="to">Where.</param>
    /// <param name="profile">What he says of himself, where he is a user.</param>
    public Message? OfCustomer(FeedEvent happened, MessageChannel channel, string to, Profile? profile = null)
    {
        if (!transports.Offers(channel) || !Merchants.TryGetValue(happened.Type, out var news))
        {
            return null;
        }

        var when = LocalTime.Of(happened.OccurredAt, profile?.TimeZone);
        return NoticeWords.For(profile?.Language).Customer(news, happened.Subject, when) is { } text
            ? new Message(
                MessageOutbox.NewId(machine), channel, to, text.Subject, channel == MessageChannel.Sms ? text.Short : text.Text, Code: null)
            : null;
    }

    /// <summary>The message to somebody whose name is known by now.</summary>
    public Message Address(Draft draft, string to) => new(
        MessageOutbox.NewId(machine), draft.Channel, to, draft.Text.Subject,
        draft.Channel == MessageChannel.Sms ? draft.Text.Short : draft.Text.Text, Code: null);

    private IEnumerable<Draft> To(Told told, NoticeKind kind, NoticeText text, bool strangers = false) =>
        told.Ways(kind, strangers).Where(transports.Offers).Select(channel => new Draft(told, kind, channel, text));

    private IEnumerable<Draft> Others(Told told, string? channel, NoticeText text, NoticeKind kind = NoticeKind.Security) => told.All
        .Where(way => MessageOutbox.NameOf(way) != channel && transports.Offers(way))
        .Select(way => new Draft(told, kind, way, text));

    // 10.5000000 of USDC:G… is 10.5 USDC.
    private static string? Money(JsonElement data)
    {
        if (TextOf(data, "amount") is not { } amount || TextOf(data, "asset") is not { } asset)
        {
            return null;
        }

        var shown = amount.Contains('.', StringComparison.Ordinal) ? amount.TrimEnd('0').TrimEnd('.') : amount;
        return $"{shown} {asset.Split(':')[0]}";
    }

    private static decimal AmountOf(JsonElement data) =>
        decimal.TryParse(TextOf(data, "amount"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) ? amount : 0;

    private static string EndpointsOf(JsonElement data)
    {
        var ids = data.GetProperty("endpoints").EnumerateArray().Select(each => each.GetString()).ToArray();
        return string.Join(", ", ids.Take(MostEndpoints)) + (ids.Length > MostEndpoints ? ", …" : "");
    }

    private static bool IsTrue(JsonElement data, string name) =>
        data.ValueKind == JsonValueKind.Object && data.TryGetProperty(name, out var flag) && flag.ValueKind == JsonValueKind.True;

    private static string? TextOf(JsonElement data, string name) =>
        data.ValueKind == JsonValueKind.Object && data.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()
            : null;
}
