using System.Text.Json;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Sandbox.Network;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Paths;

/// <summary>Ways to pay in one asset what arrives in another.</summary>
internal static class PathEndpoints
{
    private const int MaxAssets = 15;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapObject("/paths", ToReceive);
        routes.MapObject("/paths/strict-receive", ToReceive);
        routes.MapObject("/paths/strict-send", ToSend);
    }

    private static Action<Utf8JsonWriter>? ToReceive(HorizonRequest request)
    {
        var destination = RequiredAsset(request, "destination_");
        var amount = request.Amount("destination_amount");
        var account = request.Account("source_account");
        var assets = OtherEnd(request, "source_account", "source_assets", "a list of source assets or a source account");
        if (request.Problem is not null || assets is null || destination is not { } asset || amount is not { } wanted)
        {
            return null;
        }

        return Write(request.Network.Read(request.AsOf, state => new PathFinder(state, account)
            .ToReceive([.. account is { } payer ? AssetsOf(state, payer) : assets], asset, wanted)
            .Where(path => account is null || BalanceOf(state, account.Value, path.Source) >= path.SourceAmount)
            .ToList()));
    }

    private static Action<Utf8JsonWriter>? ToSend(HorizonRequest request)
    {
        var source = RequiredAsset(request, "source_");
        var amount = request.Amount("source_amount");
        var account = request.Account("destination_account");
        var assets = OtherEnd(
            request, "destination_account", "destination_assets",
            "a list of destination assets or a destination account");
        if (request.Problem is not null || assets is null || source is not { } asset || amount is not { } sent)
        {
            return null;
        }

        return Write(request.Network.Read(request.AsOf, state => new PathFinder(state, null)
            .ToSend(asset, sent, [.. account is { } payee ? AssetsOf(state, payee) : assets])));
    }

    private static Asset? RequiredAsset(HorizonRequest request, string prefix)
    {
        var asset = request.AssetInParts(prefix);
        if (asset is null)
        {
            request.Refuse(HorizonProblem.InvalidField(prefix + "asset_type", AssetText.PartsMessage));
        }

        return asset;
    }

    private static List<Asset>? OtherEnd(HorizonRequest request, string account, string list, string either)
    {
        if (request.Has(account) == request.Has(list))
        {
            request.Refuse(HorizonProblem.BadRequest($"The request requires either {either}. Both fields cannot be present."));
            return null;
        }

        if (!AssetText.TryParseList(request.Text(list), out var assets))
        {
            request.Refuse(HorizonProblem.InvalidField(list, AssetText.Message));
        }
        else if (assets.Count > MaxAssets)
        {
            request.Refuse(HorizonProblem.InvalidField(list, $"list of assets exceeds maximum length of {MaxAssets}"));
        }

        return assets;
    }

    private static IEnumerable<Asset> AssetsOf(StateView state, AccountId account) =>
        state.Account(account) is null ? [] : state.TrustLinesOf(account).Select(line => line.Asset).Append(Asset.Native);

    private static long BalanceOf(StateView state, AccountId account, Asset asset) => asset.IsNative
        ? state.Account(account)?.Balance ?? 0
        : asset.Issuer == account ? long.MaxValue : state.TrustLine(account, asset)?.Balance ?? 0;

    private static Action<Utf8JsonWriter> Write(IReadOnlyList<FoundPath> paths) => json =>
    {
        json.WriteStartObject();
        HorizonAnswer.WriteRecords(json, [.. paths.Select(path => new PageRecord("", record => Write(record, path)))]);
        json.WriteEndObject();
    };

    private static void Write(Utf8JsonWriter json, FoundPath path)
    {
        json.WriteStartObject();
        AssetNames.Of(path.Source).Write(json, "source_");
        json.WriteAmount("source_amount", path.SourceAmount);
        AssetNames.Of(path.Destination).Write(json, "destination_");
        json.WriteAmount("destination_amount", path.DestinationAmount);
        json.WriteStartArray("path");
        foreach (var asset in path.Between)
        {
            AssetNames.Of(asset).WriteObject(json);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
