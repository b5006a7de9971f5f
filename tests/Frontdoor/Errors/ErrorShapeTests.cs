using System.Net;
using Npgsql;
using Orleans.Runtime;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Grains.Failures;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Tests.Errors;

[Collection<WireCollection>]
public sealed class ErrorShapeTests(FrontdoorHost host)
{
    private const string NoPayment = "txn_000000000000000000000000";

    [Theory]
    [InlineData("GET", "/", HttpStatusCode.NotFound, "not_found")]
    [InlineData("GET", "/v1/nothing", HttpStatusCode.NotFound, "not_found")]
    [InlineData("POST", "/V1", HttpStatusCode.NotFound, "not_found")]
    [InlineData("DELETE", "/v1/wallet", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    [InlineData("GET", "/v1/auth/login", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    [InlineData("PATCH", "/v1/payments", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    [InlineData("GET", "/openapi/v2.json", HttpStatusCode.NotFound, "not_found")]
    [InlineData("GET", "/v1/wallet", HttpStatusCode.Unauthorized, "unauthenticated")]
    [InlineData("GET", "/v1/wallet/qr", HttpStatusCode.Unauthorized, "unauthenticated")]
    [InlineData("GET", "/v1/wallet/transactions", HttpStatusCode.Unauthorized, "unauthenticated")]
    [InlineData("POST", "/v1/wallet/friendbot", HttpStatusCode.Unauthorized, "unauthenticated")]
    [InlineData("POST", "/v1/payments", HttpStatusCode.Unauthorized, "unauthenticated")]
    [InlineData("GET", "/v1/payments/txn_000000000000000000000000", HttpStatusCode.Unauthorized, "unauthenticated")]
    [InlineData("POST", "/hubs/live/negotiate", HttpStatusCode.Unauthorized, "unauthenticated")]
    [InlineData("GET", "/hubs/live", HttpStatusCode.Unauthorized, "unauthenticated")]
    public async Task What_the_framework_refuses_has_the_same_shape(string method, string path, HttpStatusCode status, string code) =>
        (await host.Anonymous().SendAsync(new HttpRequestMessage(new HttpMethod(method), path))).ShouldBeError(status, code);

    [Fact]
    public async Task A_method_that_is_not_taken_is_answered_with_those_that_are() =>
        (await host.Anonymous().SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/v1/wallet"))).ContentHeaders.Allow.ShouldBe(["GET"]);

    [Theory]
    [InlineData("DELETE", "/hubs/live/negotiate", "POST")]
    [InlineData("PUT", "/hubs/live", "GET")]
    public async Task The_hub_names_the_method_that_it_takes(string method, string path, string allowed)
    {
        var api = await host.SignUpAsync();
        var answer = await api.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        answer.ShouldBeError(HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        answer.ContentHeaders.Allow.ShouldBe([allowed]);
    }

    [Fact]
    public async Task The_hub_refuses_plain_requests_in_the_same_shape()
    {
        var api = await host.SignUpAsync();
        (await api.GetAsync("/hubs/live")).ShouldBeError(HttpStatusCode.BadRequest, "websocket_required");
        (await api.GetAsync("/hubs/live?id=made-up")).ShouldBeError(HttpStatusCode.NotFound, "not_found");
        ((int)(await api.GetAsync("/hubs/live/negotiate")).Status).ShouldBeInRange(400, 499);
        (await api.GetAsync("/hubs/live/negotiate")).ShouldHaveErrorShape();
    }

    [Theory]
    [InlineData(ErrorKind.InvalidRequest, HttpStatusCode.BadRequest)]
    [InlineData(ErrorKind.Refused, HttpStatusCode.UnprocessableEntity)]
    [InlineData(ErrorKind.NotFound, HttpStatusCode.NotFound)]
    [InlineData(ErrorKind.Conflict, HttpStatusCode.Conflict)]
    [InlineData(ErrorKind.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData(ErrorKind.RateLimited, HttpStatusCode.TooManyRequests)]
    [InlineData(ErrorKind.Unavailable, HttpStatusCode.ServiceUnavailable)]
    public async Task A_grain_s_refusal_is_told_as_it_is(ErrorKind kind, HttpStatusCode status)
    {
        var api = await host.SignUpAsync();
        host.Grains.Wallet(api.WalletId).Refuses = new Error(kind, "some_code", "A sentence.", "amount");

        var answer = await PayAsync(api);

        answer.ShouldBeError(status, "some_code", "amount");
        answer.Body.GetProperty("error").GetProperty("message").GetString().ShouldBe("A sentence.");
    }

    [Fact]
    public async Task An_idempotency_key_for_something_else_is_an_error_of_its_own_type()
    {
        var api = await host.SignUpAsync();
        host.Grains.Wallet(api.WalletId).Refuses = new Error(ErrorKind.Conflict, "idempotency_key_reused", "Used.", null);
        (await PayAsync(api)).ShouldBeError(HttpStatusCode.Conflict, "idempotency_key_reused")
            .Body.GetProperty("error").GetProperty("type").GetString().ShouldBe("idempotency_error");
    }

    [Theory]
    [InlineData("timeout")]
    [InlineData("no silo")]
    [InlineData("lost race")]
    [InlineData("no key vault")]
    [InlineData("no database")]
    [InlineData("a grain says so")]
    public async Task What_passes_by_itself_is_a_503_that_says_when_to_come_again(string what)
    {
        var api = await host.SignUpAsync();
        host.Grains.Wallet(api.WalletId).Fails = what switch
        {
            "timeout" => new TimeoutException("secret-4711"),
            "no silo" => new SiloUnavailableException("secret-4711"),
            "lost race" => new Orleans.Storage.InconsistentStateException("secret-4711"),
            "no key vault" => new KeyEncryptionUnavailableException("secret-4711"),
            "a grain says so" => new TryAgainException("secret-4711"),
            _ => new NpgsqlException("secret-4711", new IOException("connection refused")),
        };

        foreach (var answer in await WhatMovesNothingAsync(api))
        {
            answer.ShouldBeError(HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");
            answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
            answer.Text.ShouldNotContain("secret-4711");
        }

        // What may have moved money is not told to try again: what came of it is not known.
        foreach (var answer in await WhatMovesMoneyAsync(api))
        {
            answer.ShouldBeError(HttpStatusCode.GatewayTimeout, "outcome_unknown")
                .Body.GetProperty("error").GetProperty("payment_id").GetString().ShouldBe(NoPayment);
            answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
            answer.Text.ShouldNotContain("secret-4711");
        }
    }

    [Fact]
    public async Task Our_own_mistakes_are_a_500_that_gives_nothing_away()
    {
        await using var own = new FrontdoorHost();
        await own.InitializeAsync();
        var api = await own.SignUpAsync();
        own.Grains.Wallet(api.WalletId).Fails = new InvalidOperationException("secret-4711");

        foreach (var answer in (Answer[])[.. await WhatMovesNothingAsync(api), .. await WhatMovesMoneyAsync(api)])
        {
            answer.ShouldBeError(HttpStatusCode.InternalServerError, "internal_error");
            answer.Text.ShouldNotContain("secret-4711");
            own.Log.Lines.ShouldContain(line =>
                line.Exception != null && line.Exception.Contains("4711") && line.Scopes.Contains($"request_id:{answer.RequestId}"));
        }
    }

    private static async Task<Answer[]> WhatMovesNothingAsync(Api api) =>
    [
        await api.GetAsync("/v1/wallet"),
        await api.GetAsync("/v1/wallet/qr"),
        await api.PostAsync("/v1/wallet/friendbot"),
        await PayAsync(api),
        await api.GetAsync($"/v1/payments/{NoPayment}"),
    ];

    private static async Task<Answer[]> WhatMovesMoneyAsync(Api api) =>
    [
        await api.PostAsync($"/v1/payments/{NoPayment}/confirm", null, Api.NewKey()),
        await api.PostAsync($"/v1/payments/{NoPayment}/cancel"),
        await api.PostAsync($"/v1/payments/{NoPayment}/reclaim"),
    ];

    private static Task<Answer> PayAsync(Api api) =>
        api.PostAsync("/v1/payments", new { recipient = FakeWallet.Usdc.Issuer, asset = "USDC", amount = "1" });
}
