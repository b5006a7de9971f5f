using System.Text.Json;
using StellarPay.Sandbox.History;
using StellarPay.Sandbox.Horizon.Accounts;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Ingestion;

/// <summary>Who took over, passed on or gave up the reserve of which entry and signer; any operation can do so.</summary>
internal static class SponsorshipEffects
{
    public static void Collect(AppliedOperation operation, EffectSink sink)
    {
        foreach (var change in operation.Changes)
        {
            Entry(operation.Source, change, sink);
            Signers(change, sink);
        }
    }

    /// <summary>Who sponsors what the operation created: Horizon shows it with the operation.</summary>
    public static AccountId? SponsorOf(AppliedOperation operation)
    {
        var key = (operation.Body as SetOptionsOperation)?.Signer?.Key;
        foreach (var change in operation.Changes)
        {
            if (key is not null && change.After is Account after && SponsorOf(after, key) is { } ofSigner
                && SponsorOf(change.Before as Account, key) != ofSigner)
            {
                return ofSigner;
            }

            if (change.Before is null && change.After?.Sponsor is { } sponsor)
            {
                return sponsor;
            }
        }

        return null;
    }

    private static AccountId? SponsorOf(Account? account, SignerKey key)
    {
        if (account is not null)
        {
            foreach (var signer in account.Signers)
            {
                if (signer.Key == key)
                {
                    return signer.Sponsor;
                }
            }
        }

        return null;
    }

    private static void Entry(MuxedAccount source, EntryChange change, EffectSink sink)
    {
        var (former, now) = (change.Before?.Sponsor, change.After?.Sponsor);
        if (former == now)
        {
            return;
        }

        var step = former is null ? 0 : now is null ? 2 : 1;
        (EffectType First, MuxedAccount Account)? kind = change.Either switch
        {
            Account account => (EffectType.AccountSponsorshipCreated, account.Id),
            TrustLine line => (EffectType.TrustlineSponsorshipCreated, line.Account),
            NamedData => (EffectType.DataSponsorshipCreated, source),
            ClaimableBalance => (EffectType.ClaimableBalanceSponsorshipCreated, source),
            _ => null,
        };
        if (kind is { } known)
        {
            sink.Add(known.First + step, known.Account, json =>
            {
                WriteEntry(json, change.Either);
                WriteSponsors(json, former, now);
            });
        }
    }

    private static void WriteEntry(Utf8JsonWriter json, LedgerObject entry)
    {
        switch (entry)
        {
            case TrustLine line:
                json.WriteString("asset_type", AssetNames.Of(line.Asset).Type);
                json.WriteString("asset", AssetNames.Of(line.Asset).Canonical);
                break;
            case NamedData data:
                json.WriteString("data_name", data.Name.ToString());
                break;
            case ClaimableBalance balance:
                json.WriteString("balance_id", BalanceEffects.IdOf(balance));
                break;
        }
    }

    private static void WriteSponsors(Utf8JsonWriter json, AccountId? former, AccountId? now)
    {
        if (former is { } old)
        {
            json.WriteString("former_sponsor", old.ToString());
        }

        if (now is { } present)
        {
            json.WriteString(former is null ? "sponsor" : "new_sponsor", present.ToString());
        }
    }

    private static void Signers(EntryChange change, EffectSink sink)
    {
        if (change.Either is not Account account)
        {
            return;
        }

        var before = Sponsors(change.Before as Account);
        var after = Sponsors(change.After as Account);
        foreach (var key in before.Keys.Union(after.Keys).Order(StringComparer.Ordinal))
        {
            AccountId? former = before.TryGetValue(key, out var old) ? old : null;
            AccountId? now = after.TryGetValue(key, out var present) ? present : null;
            if (former != now)
            {
                var step = former is null ? 0 : now is null ? 2 : 1;
                sink.Add(EffectType.SignerSponsorshipCreated + step, account.Id, json =>
                {
                    json.WriteString("signer", key);
                    WriteSponsors(json, former, now);
                });
            }
        }
    }

    private static Dictionary<string, AccountId> Sponsors(Account? account)
    {
        var sponsors = new Dictionary<string, AccountId>();
        if (account is not null)
        {
            foreach (var signer in account.Signers)
            {
                if (signer.Sponsor is { } sponsor)
                {
                    sponsors[signer.Key.ToStrKey()] = sponsor;
                }
            }
        }

        return sponsors;
    }
}
