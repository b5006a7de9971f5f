namespace StellarPay.Stellar.Tests.Horizon;

/// <summary>Operations as Horizon writes them, each on one line.</summary>
internal static class OperationSamples
{
    private const string A = "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ";
    private const string B = "GAB2CB576PHBBPQ5ODORRZ2LYCMWPZGWGCN2KDK7DXOIMZASKUY3QZ6Q";
    private const string Issuer = "GBB43QBD2IWV7HQQPUNANE2FPU25DUIOW7JBY4QRSL2W6XPEAZS5GWEM";
    private const string HashHex = "240eca11c3efcd5e6cdeed8d090ea25d45fe0871caeb4d8d205dc0b8634f1b38";

    internal static string Payment(long id, bool joined = false) => Operation(
        id,
        "payment",
        $"\"from\":\"{A}\",\"to\":\"{B}\",\"amount\":\"12.5000000\","
        + $"\"asset_type\":\"credit_alphanum4\",\"asset_code\":\"USDC\",\"asset_issuer\":\"{Issuer}\""
        + (joined ? $",\"transaction\":{Transaction("\"memo_type\":\"text\",\"memo\":\"pay_01\",\"memo_bytes\":\"cGF5XzAx\"")}" : ""));

    internal static string Operation(long id, string type, string fields) =>
        $"{{\"_links\":{{}},\"id\":\"{id}\",\"paging_token\":\"{id}\",\"transaction_successful\":true,"
        + $"\"source_account\":\"{A}\",\"type\":\"{type}\",\"type_i\":1,\"created_at\":\"2026-01-02T03:04:05Z\","
        + $"\"transaction_hash\":\"{HashHex}\",{fields}}}";

    internal static string Transaction(string memo) =>
        $"{{\"id\":\"{HashHex}\",\"paging_token\":\"7\",\"successful\":true,\"hash\":\"{HashHex}\",\"ledger\":3,"
        + $"\"created_at\":\"2026-01-02T03:04:05Z\",\"source_account\":\"{A}\",\"source_account_sequence\":\"42\","
        + $"\"fee_account\":\"{B}\",\"fee_account_muxed\":\"M\",\"fee_account_muxed_id\":\"18446744073709551615\","
        + "\"fee_charged\":\"200\",\"max_fee\":\"400\",\"operation_count\":1,\"envelope_xdr\":\"AAAA\","
        + $"\"result_xdr\":\"BBBB\",{memo},\"signatures\":[\"c2ln\"]}}";
}
