using System.Text.Json;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Accounts;

/// <summary>An account with what belongs to it, as one moment shows it.</summary>
internal sealed record AccountView(
    Account Account,
    IReadOnlyList<TrustLine> TrustLines,
    IReadOnlyList<NamedData> Data,
    DateTimeOffset? ModifiedAt);

/// <summary>Horizon's account resource.</summary>
internal static class AccountJson
{
    public static void Write(Utf8JsonWriter json, HorizonLinks links, AccountView view)
    {
        var account = view.Account;
        var id = account.Id.ToString();
        json.WriteStartObject();
        WriteLinks(json, links, $"/accounts/{id}");
        json.WriteString("id", id);
        json.WriteString("account_id", id);
        json.WriteDecimal("sequence", account.Sequence);
        if (account.SequenceLedger != 0)
        {
            json.WriteNumber("sequence_ledger", account.SequenceLedger);
            json.WriteDecimal("sequence_time", account.SequenceTime);
        }

        json.WriteNumber("subentry_count", account.SubEntries);
        if (account.InflationDestination is { } inflation)
        {
            json.WriteString("inflation_destination", inflation.ToString());
        }

        if (account.HomeDomain.Length > 0)
        {
            json.WriteString("home_domain", account.HomeDomain.ToString());
        }

        json.WriteNumber("last_modified_ledger", account.LastModified);
        WriteModifiedAt(json, view.ModifiedAt);
        WriteThresholds(json, account.Thresholds);
        WriteFlags(json, account.Flags);
        WriteBalances(json, view);
        WriteSigners(json, account, id);
        json.WriteStartObject("data");
        foreach (var data in view.Data)
        {
            json.WriteString(data.Name.ToString(), Convert.ToBase64String(data.Value.AsSpan()));
        }

        json.WriteEndObject();
        json.WriteNumber("num_sponsoring", account.Sponsoring);
        json.WriteNumber("num_sponsored", account.Sponsored);
        WriteSponsor(json, account);
        json.WriteString("paging_token", id);
        json.WriteEndObject();
    }

    public static void WriteSponsor(Utf8JsonWriter json, LedgerObject entry)
    {
        if (entry.Sponsor is { } sponsor)
        {
            json.WriteString("sponsor", sponsor.ToString());
        }
    }

    public static void WriteModifiedAt(Utf8JsonWriter json, DateTimeOffset? time)
    {
        if (time is { } known)
        {
            json.WriteTime("last_modified_time", known);
        }
        else
        {
            json.WriteNull("last_modified_time");
        }
    }

    public static void WriteFlags(Utf8JsonWriter json, AccountFlags flags)
    {
        json.WriteStartObject("flags");
        json.WriteBoolean("auth_required", (flags & AccountFlags.AuthRequired) != 0);
        json.WriteBoolean("auth_revocable", (flags & AccountFlags.AuthRevocable) != 0);
        json.WriteBoolean("auth_immutable", (flags & AccountFlags.AuthImmutable) != 0);
        json.WriteBoolean("auth_clawback_enabled", (flags & AccountFlags.AuthClawbackEnabled) != 0);
        json.WriteEndObject();
    }

    private static void WriteLinks(Utf8JsonWriter json, HorizonLinks links, string self)
    {
        json.WriteStartObject("_links");
        links.Write(json, "self", self);
        foreach (var list in (string[])["transactions", "operations", "payments", "effects", "offers", "trades"])
        {
            links.WritePaged(json, list, $"{self}/{list}");
        }

        links.WriteTemplate(json, "data", self + "/data/{key}");
        json.WriteEndObject();
    }

    private static void WriteThresholds(Utf8JsonWriter json, Thresholds thresholds)
    {
        json.WriteStartObject("thresholds");
        json.WriteNumber("low_threshold", thresholds.Low);
        json.WriteNumber("med_threshold", thresholds.Medium);
        json.WriteNumber("high_threshold", thresholds.High);
        json.WriteEndObject();
    }

    private static void WriteBalances(Utf8JsonWriter json, AccountView view)
    {
        json.WriteStartArray("balances");
        foreach (var line in view.TrustLines)
        {
            json.WriteStartObject();
            json.WriteAmount("balance", line.Balance);
            json.WriteAmount("limit", line.Limit);
            json.WriteAmount("buying_liabilities", line.BuyingLiabilities);
            json.WriteAmount("selling_liabilities", line.SellingLiabilities);
            WriteSponsor(json, line);
            json.WriteNumber("last_modified_ledger", line.LastModified);
            json.WriteBoolean("is_authorized", line.IsAuthorized);
            json.WriteBoolean("is_authorized_to_maintain_liabilities", line.MaintainsLiabilities);
            if (line.IsClawbackEnabled)
            {
                json.WriteBoolean("is_clawback_enabled", true);
            }

            AssetNames.Of(line.Asset).Write(json);
            json.WriteEndObject();
        }

        json.WriteStartObject();
        json.WriteAmount("balance", view.Account.Balance);
        json.WriteAmount("buying_liabilities", view.Account.BuyingLiabilities);
        json.WriteAmount("selling_liabilities", view.Account.SellingLiabilities);
        AssetNames.Native.Write(json);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteSigners(Utf8JsonWriter json, Account account, string id)
    {
        json.WriteStartArray("signers");
        foreach (var signer in account.Signers)
        {
            json.WriteStartObject();
            json.WriteNumber("weight", signer.Weight);
            json.WriteString("key", signer.Key.ToStrKey());
            json.WriteString("type", SignerNames.Type(signer.Key));
            if (signer.Sponsor is { } sponsor)
            {
                json.WriteString("sponsor", sponsor.ToString());
            }

            json.WriteEndObject();
        }

        json.WriteStartObject();
        json.WriteNumber("weight", account.Thresholds.MasterWeight);
        json.WriteString("key", id);
        json.WriteString("type", "ed25519_public_key");
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
