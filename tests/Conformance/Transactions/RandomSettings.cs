using System.Text.Json.Nodes;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Conformance.Tests.Transactions;

/// <summary>Random operations that have many forms: settings, and the ends of sponsorships.</summary>
internal static class RandomSettings
{
    public static Told<OperationBody> SetOptions(RandomValues random)
    {
        var told = new JsonObject();
        var inflation = random.Maybe() ? random.Account() : (Told<Stellar.AccountId>?)null;
        if (inflation is { } destination)
        {
            told["inflationDest"] = destination.Json;
        }

        uint? Maybe(string name, uint most)
        {
            if (!random.Maybe())
            {
                return null;
            }

            var value = random.Small(most);
            told[name] = value;
            return value;
        }

        var (clear, set, master) = (Maybe("clearFlags", 15), Maybe("setFlags", 15), Maybe("masterWeight", 255));
        var (low, medium, high) =
            (Maybe("lowThreshold", 255), Maybe("medThreshold", 255), Maybe("highThreshold", 255));
        var homeDomain = random.Maybe() ? random.Text(0, 32) : null;
        if (homeDomain is not null)
        {
            told["homeDomain"] = homeDomain;
        }

        Signer? signer = null;
        if (random.Maybe())
        {
            var (key, weight) = (random.Signer(), random.Small(255));
            signer = new Signer(key.Value, weight);
            key.Json!["weight"] = weight;
            told["signer"] = key.Json;
        }

        return RandomOperations.Call(
            "setOptions",
            new SetOptionsOperation(
                inflation?.Value, clear, set, master, low, medium, high,
                homeDomain is null ? default(XdrString?) : (XdrString)homeDomain, signer),
            told);
    }

    public static Told<OperationBody> RevokeSponsorship(RandomValues random)
    {
        var account = random.Account();
        switch (random.Below(6))
        {
            case 0:
                return Revoke("Account", new LedgerKeyAccount(account.Value), new JsonObject { ["account"] = account.Json });
            case 1:
                var asset = random.Credit();
                return Revoke("Trustline", new LedgerKeyTrustLine(account.Value, asset.Value), new JsonObject
                {
                    ["account"] = account.Json, ["asset"] = asset.Json,
                });
            case 2:
                var offer = random.Number();
                return Revoke("Offer", new LedgerKeyOffer(account.Value, offer.Value), new JsonObject
                {
                    ["seller"] = account.Json, ["offerId"] = offer.Json,
                });
            case 3:
                var name = random.Text(1, 64);
                return Revoke("Data", new LedgerKeyData(account.Value, name), new JsonObject
                {
                    ["account"] = account.Json, ["name"] = name,
                });
            case 4:
                var balance = random.BalanceId();
                return Revoke("ClaimableBalance", new LedgerKeyClaimableBalance(balance.Value), new JsonObject
                {
                    ["balanceId"] = balance.Json,
                });
            default:
                // The JS SDK's call knows no signed payloads here.
                var signer = random.Signer();
                return signer.Value.Type == CryptoKeyType.Ed25519SignedPayload
                    ? RevokeSponsorship(random)
                    : RandomOperations.Call(
                        "revokeSignerSponsorship",
                        new RevokeSponsorshipOperation(new SponsoredSigner(account.Value, signer.Value)),
                        new JsonObject { ["account"] = account.Json, ["signer"] = signer.Json });
        }
    }

    private static Told<OperationBody> Revoke(string kind, LedgerKey key, JsonObject arguments) =>
        RandomOperations.Call($"revoke{kind}Sponsorship", new RevokeSponsorshipOperation(key), arguments);
}
