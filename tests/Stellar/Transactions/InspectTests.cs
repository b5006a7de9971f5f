using System.Text.Json.Nodes;
using StellarPay.Bench.Fuzzing;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Tests.Transactions;

public sealed class InspectTests
{
    // Made by the official JS SDK: a payment with a text memo and time bounds, on the test network.
    private const string Payment =
        "AAAAAgAAAAADoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuAAAAGQAAAAAAAAAKgAAAAEAAAAAAAAAAAAAAABlU/IsAAAAAQAAAAZwYXlf"
        + "MDEAAAAAAAEAAAAAAAAAAQAAAAB5tVYuj+ZU+UB4sRLoqYunkB+FOuaVvtfg45ELrQSWZAAAAAFVU0RDAAAAAEPNwCPSLV+eEH0aBpNFfTXR0Q63"
        + "0hxyEZL1b13kBmXTAAAAAAdzWUAAAAAAAAAAARJVMbgAAABA6y2EBrfLEsMyiHkbAER4VOdhl5842dzJSCK8UmIcR+AEsdh8IIIPbtJO+QHJr/83"
        + "XENwNd51ohC3ExQ1kVTwCw==";

    [Fact]
    public void A_signed_payment_reads_as_what_it_does()
    {
        var text = Inspect.EnvelopeText(TransactionEnvelope.FromXdrBase64(Payment), StellarNetwork.Testnet);

        text.ReplaceLineEndings("\n").ShouldBe("""
            {
              "type": "transaction",
              "network": "Test SDF Network ; September 2015",
              "hash": "240eca11c3efcd5e6cdeed8d090ea25d45fe0871caeb4d8d205dc0b8634f1b38",
              "source": "GAB2CB576PHBBPQ5ODORRZ2LYCMWPZGWGCN2KDK7DXOIMZASKUY3QZ6Q",
              "sequence": "42",
              "max_fee_stroops": "100",
              "preconditions": {
                "time_bounds": {
                  "min_time": null,
                  "max_time": {
                    "unix": "1700000300",
                    "utc": "2023-11-14T22:18:20Z"
                  }
                }
              },
              "memo": {
                "type": "text",
                "value": "pay_01"
              },
              "operations": [
                {
                  "type": "payment",
                  "destination": "GB43KVROR7TFJ6KAPCYRF2FJROTZAH4FHLTJLPWX4DRZCC5NASLGITR6",
                  "asset": "USDC:GBB43QBD2IWV7HQQPUNANE2FPU25DUIOW7JBY4QRSL2W6XPEAZS5GWEM",
                  "amount": "12.5000000"
                }
              ],
              "signatures": [
                {
                  "hint": "125531b8",
                  "signature": "6y2EBrfLEsMyiHkbAER4VOdhl5842dzJSCK8UmIcR+AEsdh8IIIPbtJO+QHJr/83XENwNd51ohC3ExQ1kVTwCw==",
                  "account": "GAB2CB576PHBBPQ5ODORRZ2LYCMWPZGWGCN2KDK7DXOIMZASKUY3QZ6Q",
                  "valid": true
                }
              ]
            }
            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void On_another_network_the_signature_is_not_valid_and_without_one_it_is_not_judged()
    {
        var envelope = TransactionEnvelope.FromXdrBase64(Payment);

        Inspect.Envelope(envelope, StellarNetwork.Public)["signatures"]![0]!["valid"]!.GetValue<bool>().ShouldBeFalse();
        var unknown = Inspect.Envelope(envelope);
        unknown.ContainsKey("hash").ShouldBeFalse();
        unknown["signatures"]![0]!.AsObject().ContainsKey("valid").ShouldBeFalse();
        unknown["signatures"]![0]!["account"].ShouldNotBeNull();
    }

    [Fact]
    public void A_fee_bump_shows_who_pays_and_what_is_inside()
    {
        using var sponsor = SigningKey.Generate();
        var inner = (TransactionV1Envelope)TransactionEnvelope.FromXdrBase64(Payment);
        var bump = FeeBump.Wrap(inner, sponsor.AccountId, baseFee: 200).Sign(StellarNetwork.Testnet, sponsor);

        var json = Inspect.Envelope(bump, StellarNetwork.Testnet);

        json["type"]!.GetValue<string>().ShouldBe("fee_bump");
        json["fee_source"]!.GetValue<string>().ShouldBe(sponsor.AccountId.ToString());
        json["max_fee_stroops"]!.GetValue<string>().ShouldBe("400");
        json["signatures"]![0]!["valid"]!.GetValue<bool>().ShouldBeTrue();
        json["inner"]!["hash"]!.GetValue<string>()
            .ShouldBe("240eca11c3efcd5e6cdeed8d090ea25d45fe0871caeb4d8d205dc0b8634f1b38");
        json["inner"]!["signatures"]![0]!["valid"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Theory]
    [InlineData("createAccount", """{"type":"create_account","destination":"A1","starting_balance":"100.0000000"}""")]
    [InlineData("setOptionsAll", """
        {"type":"set_options","inflation_destination":"A6","clear_flags":["auth_required"],
        "set_flags":["auth_revocable"],"master_weight":3,"low_threshold":4,"medium_threshold":5,"high_threshold":6,
        "home_domain":"example.org","signer":{"key":"A7","weight":8}}
        """)]
    [InlineData("changeTrustPool", """
        {"type":"change_trust","asset":{"asset_a":"native","asset_b":"USD:A161","fee_basis_points":30},"limit":"0.0000000"}
        """)]
    [InlineData("manageSellOffer", """
        {"type":"manage_sell_offer","selling":"USD:A161","buying":"LONGASSET123:A162","amount":"1.0000000",
        "price":{"n":3,"d":7},"offer_id":"99"}
        """)]
    [InlineData("manageData", """{"type":"manage_data","name":"name","value_base64":"dmFsdWU="}""")]
    [InlineData("endSponsoringFutureReserves", """{"type":"end_sponsoring_future_reserves","source":"A19"}""")]
    [InlineData("revokeSponsorshipTrustLine", """
        {"type":"revoke_sponsorship","ledger_key":{"type":"trust_line","account":"A2","asset":"USD:A161"}}
        """)]
    [InlineData("createClaimableBalance", """
        {"type":"create_claimable_balance","asset":"USD:A161","amount":"0.0000016","claimants":[
        {"destination":"A17","predicate":{"type":"unconditional"}},
        {"destination":"A18","predicate":{"type":"and","operands":[
        {"type":"or","operands":[
        {"type":"before_absolute_time","time":{"unix":"1800000000","utc":"2027-01-15T08:00:00Z"}},
        {"type":"before_relative_time","seconds":"86400"}]},
        {"type":"not","operand":{"type":"unconditional"}}]}}]}
        """)]
    [InlineData("invokeHostFunctionInvokeContract", """
        {"type":"invoke_host_function","function":{"type":"invoke_contract","call":{"contract":"C1",
        "function":"transfer","args":[{"address":"A2"},{"i128":"-3"}]}},"auth":[]}
        """)]
    public void An_operation_reads_as_what_it_does(string sample, string json)
    {
        var operation = (Operation)OperationSamples.All.Single(s => s.Name == sample).Value;
        var shown = Inspect.Envelope(EnvelopeOf(operation))["operations"]![0]!;

        // Addresses of the samples are long and all alike: A7 is the account whose key has 32 bytes of 7.
        var expected = System.Text.RegularExpressions.Regex.Replace(
            json, "(?<=[\":])([AC])([0-9]+)(?=\")", m => Address(m.Groups[1].Value, byte.Parse(m.Groups[2].Value)));
        JsonNode.DeepEquals(shown, JsonNode.Parse(expected)).ShouldBeTrue(shown.ToJsonString());
    }

    [Fact]
    public void Everything_that_can_be_decoded_can_be_shown()
    {
        foreach (var sample in OperationSamples.All)
            Inspect.EnvelopeText(EnvelopeOf((Operation)sample.Value)).ShouldNotBeEmpty(sample.Name);
        foreach (var sample in TransactionSamples.All)
        {
            if (sample.Value is TransactionEnvelope envelope)
                JsonNode.Parse(Inspect.EnvelopeText(envelope, StellarNetwork.Public)).ShouldNotBeNull(sample.Name);
        }

        foreach (var sample in ContractSamples.All)
        {
            if (sample.Value is ScVal value)
                Inspect.EnvelopeText(EnvelopeOf(Call(value))).ShouldNotBeEmpty(sample.Name);
        }
    }

    [Fact]
    public void The_deepest_value_that_can_be_decoded_can_be_shown()
    {
        ScVal value = new ScMap([]);
        for (var depth = 1; depth < XdrReader.MaxDepth; depth++)
            value = new ScMap([new ScMapEntry(value, ScVoid.Instance)]);
        var envelope = TransactionEnvelope.FromXdr(EnvelopeOf(Call(value)).ToXdr());

        Inspect.EnvelopeText(envelope).Length.ShouldBeGreaterThan(10_000);
    }

    [Theory]
    [InlineData("ordinary žluťoučký", "\"ordinary žluťoučký\"")]
    [InlineData("100\u202E.001", "{\"hex\":\"313030e280ae2e303031\"}")]
    [InlineData("a\nb", "{\"hex\":\"610a62\"}")]
    public void Text_that_deceives_the_eye_is_shown_in_hexadecimal(string memo, string shown)
    {
        var envelope = new TransactionV1Envelope(
            new Transaction(XdrSamples.Account(1), 100, 1, Preconditions.None, new MemoText(memo), []), []);

        JsonNode.DeepEquals(Inspect.Envelope(envelope)["memo"]!["value"], JsonNode.Parse(shown)).ShouldBeTrue();
    }

    private static TransactionV1Envelope EnvelopeOf(Operation operation) => new(
        new Transaction(XdrSamples.Account(1), 100, 1, Preconditions.None, Memo.None, [operation]), []);

    private static InvokeHostFunctionOperation Call(ScVal value) => new(
        new InvokeContractFunction(new InvokeContractArgs(new ScContractAddress(XdrSamples.Filled(1)), "f", [value])),
        []);

    private static string Address(string kind, byte fill) => kind == "A"
        ? XdrSamples.Account(fill).ToString()
        : StrKey.Encode(StrKeyKind.Contract, XdrSamples.Filled(fill).ToArray());
}
