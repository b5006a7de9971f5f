using System.Diagnostics.CodeAnalysis;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fido2NetLib;
using Fido2NetLib.Objects;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Auth.Passkeys;

/// <summary>What an authenticator made, and is trusted from now on.</summary>
/// <param name="CredentialId">By which it is found.</param>
/// <param name="PublicKey">By which its signatures are checked (COSE).</param>
/// <param name="SignCount">How often it has signed, as it says.</param>
internal sealed record NewPasskey(byte[] CredentialId, byte[] PublicKey, long SignCount);

/// <summary>
/// What browsers and authenticators are asked, and whether what they answer is right (WebAuthn, by Fido2NetLib). Of an answer nothing is
/// believed before its signature, its challenge, its origin and its relying party are found right.
/// </summary>
internal sealed class PasskeyCeremony
{
    // A key of the largest kind that there is (ML-DSA-87) has 2.6 kB.
    private const int MostKeyBytes = 4096;

    private const int ChallengeBytes = 32;
    private const string Name = "StellarPay";

    private readonly Fido2? _fido;

    public PasskeyCeremony(IOptions<PasskeyOptions> options) => _fido = options.Value.AreOffered
        ? new Fido2(
            new Fido2Configuration
            {
                RPID = options.Value.RelyingPartyId,
                RPName = Name,
                Origins = options.Value.Origins.ToHashSet(StringComparer.Ordinal),
                ChallengeSize = ChallengeBytes,
                Timeout = (uint)PasskeyChallenges.Lifetime.TotalMilliseconds,
            },
            metadataService: null)
        : null;

    /// <summary>Whether there are passkeys here.</summary>
    [MemberNotNullWhen(true, nameof(_fido))]
    public bool IsOffered => _fido is not null;

    /// <summary>What a browser is asked to make a passkey for a user, which he then finds without being named.</summary>
    public (byte[] Challenge, JsonElement Options) AskForNew(UserId user, string account, IEnumerable<byte[]> known)
    {
        var options = Fido.RequestNewCredential(new RequestNewCredentialParams
        {
            User = UserOf(user, account),
            ExcludeCredentials = [.. known.Select(id => new PublicKeyCredentialDescriptor(id))],
            AuthenticatorSelection = Selection,
            AttestationPreference = AttestationConveyancePreference.None,
        });
        return (options.Challenge, JsonOf(options.ToJson()));
    }

    /// <summary>What a browser is asked to sign: with one of these passkeys, or where there are none, with any of its own.</summary>
    public (byte[] Challenge, JsonElement Options) AskForSignature(IEnumerable<byte[]> allowed)
    {
        var options = Fido.GetAssertionOptions(new GetAssertionOptionsParams
        {
            AllowedCredentials = [.. allowed.Select(id => new PublicKeyCredentialDescriptor(id))],
            UserVerification = UserVerificationRequirement.Required,
        });
        return (options.Challenge, JsonOf(options.ToJson()));
    }

    /// <summary>The challenge that an answer says it answers, which may be none of ours; null where it cannot be read.</summary>
    public static byte[]? ChallengeOf(JsonElement? credential)
    {
        try
        {
            if (credential is not { ValueKind: JsonValueKind.Object } answer
                || !answer.TryGetProperty("response", out var response) || response.ValueKind != JsonValueKind.Object
                || !response.TryGetProperty("clientDataJSON", out var data) || data.ValueKind != JsonValueKind.String)
            {
                return null;
            }

            using var client = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(data.GetString()));
            return client.RootElement.ValueKind == JsonValueKind.Object && client.RootElement.TryGetProperty("challenge", out var challenge)
                && challenge.ValueKind == JsonValueKind.String
                && System.Buffers.Text.Base64Url.DecodeFromChars(challenge.GetString()) is { Length: ChallengeBytes } bytes
                    ? bytes
                    : null;
        }
        catch (Exception unreadable) when (IsUnreadable(unreadable))
        {
            return null;
        }
    }

    /// <summary>The id of the passkey that an answer says it is of; null where it cannot be read.</summary>
    public static byte[]? CredentialIdOf(JsonElement? credential) => Read<AuthenticatorAssertionRawResponse>(credential)?.RawId;

    /// <summary>Checks a new passkey that answers a challenge of ours; null where something of it is wrong.</summary>
    public async Task<NewPasskey?> CheckNewAsync(
        JsonElement? credential, byte[] challenge, UserId user, CancellationToken cancellationToken)
    {
        if (Read<AuthenticatorAttestationRawResponse>(credential) is not { Response: not null } answer)
        {
            return null;
        }

        try
        {
            var made = await Fido.MakeNewCredentialAsync(
                new MakeNewCredentialParams
                {
                    AttestationResponse = answer,
                    OriginalOptions = Fido.RequestNewCredential(new RequestNewCredentialParams
                    {
                        User = UserOf(user, ""),
                        AuthenticatorSelection = Selection,
                        AttestationPreference = AttestationConveyancePreference.None,
                    }).Answered(challenge),
                    // The table has each once.
                    IsCredentialIdUniqueToUserCallback = (_, _) => Task.FromResult(true),
                },
                cancellationToken);
            // Whatever else an authenticator writes beside its key would be stored with it.
            return made.PublicKey.Length <= MostKeyBytes ? new NewPasskey(made.Id, made.PublicKey, made.SignCount) : null;
        }
        catch (Exception wrong) when (IsUnreadable(wrong))
        {
            return null;
        }
    }

    /// <summary>
    /// Checks a signature over a challenge of ours. How often the passkey has signed; null where something of it is wrong. Where nobody was
    /// named before, it has to say whose it is.
    /// </summary>
    public async Task<long?> CheckSignatureAsync(
        JsonElement? credential, byte[] challenge, StoredPasskey passkey, bool named, CancellationToken cancellationToken)
    {
        if (Read<AuthenticatorAssertionRawResponse>(credential) is not { Response: not null } answer
            || (!named && answer.Response.UserHandle is not { Length: > 0 }))
        {
            return null;
        }

        try
        {
            var signed = await Fido.MakeAssertionAsync(
                new MakeAssertionParams
                {
                    AssertionResponse = answer,
                    OriginalOptions = Fido.GetAssertionOptions(new GetAssertionOptionsParams
                    {
                        AllowedCredentials = [new PublicKeyCredentialDescriptor(passkey.CredentialId)],
                        UserVerification = UserVerificationRequirement.Required,
                    }).Answered(challenge),
                    StoredPublicKey = passkey.PublicKey,
                    StoredSignatureCounter = (uint)passkey.SignCount,
                    IsUserHandleOwnerOfCredentialIdCallback = (owner, _) => Task.FromResult(
                        owner.UserHandle.AsSpan().SequenceEqual(HandleOf(passkey.User))),
                },
                cancellationToken);
            return signed.SignCount;
        }
        catch (Exception wrong) when (IsUnreadable(wrong))
        {
            return null;
        }
    }

    private static AuthenticatorSelection Selection => new()
    {
        ResidentKey = ResidentKeyRequirement.Required, UserVerification = UserVerificationRequirement.Required,
    };

    private Fido2 Fido => _fido ?? throw new InvalidOperationException("There are no passkeys here.");

    private static Fido2User UserOf(UserId user, string account) => new() { Id = HandleOf(user), Name = account, DisplayName = account };

    private static byte[] HandleOf(UserId user) => Encoding.UTF8.GetBytes(user.Value);

    private static JsonElement JsonOf(string json) => JsonDocument.Parse(json).RootElement.Clone();

    private static T? Read<T>(JsonElement? credential)
        where T : class
    {
        try
        {
            return credential is { ValueKind: JsonValueKind.Object } answer ? answer.Deserialize<T>() : null;
        }
        catch (Exception unreadable) when (IsUnreadable(unreadable))
        {
            return null;
        }
    }

    // Whatever a stranger may send is wrong in one of these ways; anything else is a fault of ours.
    private static bool IsUnreadable(Exception exception) => exception is Fido2VerificationException or JsonException
        or CborContentException or FormatException or ArgumentException or InvalidOperationException or NotSupportedException
        or CryptographicException or OverflowException or KeyNotFoundException or InvalidCastException or NullReferenceException
        or IndexOutOfRangeException;
}
