using System.Net;
using StellarPay.Frontdoor.Me;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Me;

[Collection<NamesCollection>]
public sealed class HandleTests(FrontdoorHost host)
{
    [Fact]
    public async Task A_user_chooses_a_handle_in_any_case_and_sees_it()
    {
        var api = await host.SignUpAsync();
        var handle = NewHandle();
        (await api.GetAsync("/v1/me")).ShouldBeOk().Body.GetProperty("handle").GetString().ShouldBeNull();

        var me = (await SetAsync(api, "@" + handle.ToUpperInvariant())).ShouldBeOk().Body;

        me.GetProperty("handle").GetString().ShouldBe(handle);
        me.GetProperty("email").GetString().ShouldBe(api.Email);
        (await api.GetAsync("/v1/me")).ShouldBeOk().Body.GetProperty("handle").GetString().ShouldBe(handle);
        (await SetAsync(api, handle)).ShouldBeOk();
    }

    [Fact]
    public async Task Of_many_who_want_a_handle_at_once_one_gets_it()
    {
        var handle = NewHandle();
        var users = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.SignUpAsync()));

        var answers = await Task.WhenAll(users.Select(user => SetAsync(user, handle)));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        foreach (var answer in answers.Where(answer => answer.Status != HttpStatusCode.OK))
        {
            answer.ShouldBeError(HttpStatusCode.Conflict, "handle_taken", "handle");
        }
    }

    [Theory]
    [InlineData("", "parameter_missing")]
    [InlineData("ab", "handle_invalid")]
    [InlineData("abcdefghijklmnopqrstu", "handle_invalid")]
    [InlineData("a-b-c", "handle_invalid")]
    [InlineData("a b", "handle_invalid")]
    [InlineData("größe", "handle_invalid")]
    [InlineData("@@bob", "handle_invalid")]
    [InlineData("bob\n", "handle_invalid", true)]
    public async Task What_is_no_handle_is_refused(string handle, string code, bool trimmed = false)
    {
        var api = await host.SignUpAsync();

        var answer = await SetAsync(api, handle);

        if (trimmed)
        {
            // White space around it does not matter, as with an e-mail address.
            ((int)answer.Status).ShouldBeOneOf(200, 409);
        }
        else
        {
            answer.ShouldBeError(HttpStatusCode.BadRequest, code, "handle");
        }
    }

    [Theory]
    [InlineData("admin")]
    [InlineData("Support")]
    [InlineData("stellar_pay")]
    [InlineData("su_pport")]
    [InlineData("stellarpay_help")]
    public async Task A_name_that_would_pass_for_us_is_nobodys(string handle) =>
        (await SetAsync(await host.SignUpAsync(), handle)).ShouldBeError(HttpStatusCode.UnprocessableEntity, "handle_reserved", "handle");

    [Fact]
    public async Task A_handle_is_changed_every_30_days_and_kept_for_its_former_owner_for_90()
    {
        await using var own = new FrontdoorHost();
        await own.InitializeAsync();
        var bob = await own.SignUpAsync();
        var eve = await own.SignUpAsync();
        (await SetAsync(bob, "bob")).ShouldBeOk();
        (await SetAsync(bob, "robert")).ShouldBeError(HttpStatusCode.UnprocessableEntity, "handle_changed_recently", "handle");

        await AdvanceAsync(own, HandleBook.ChangeEvery, bob, eve);
        (await SetAsync(bob, "robert")).ShouldBeOk();
        (await SetAsync(eve, "bob")).ShouldBeError(HttpStatusCode.Conflict, "handle_taken", "handle");
        (await eve.GetAsync("/v1/recipients/lookup?recipient=@bob")).ShouldBeError(HttpStatusCode.UnprocessableEntity, "recipient_not_found", "recipient");

        await AdvanceAsync(own, HandleBook.KeptFor, bob, eve);
        (await SetAsync(eve, "bob")).ShouldBeOk();
        (await SetAsync(bob, "bob")).ShouldBeError(HttpStatusCode.Conflict, "handle_taken", "handle");
    }

    private static Task<Answer> SetAsync(Api api, string handle) => api.PutAsync("/v1/me/handle", new { handle });

    private static string NewHandle() => "h" + Guid.NewGuid().ToString("N")[..15];

    // Tokens end meanwhile.
    private static async Task AdvanceAsync(FrontdoorHost host, TimeSpan by, params Api[] users)
    {
        host.Clock.Advance(by);
        foreach (var user in users)
        {
            user.Take((await host.Anonymous().PostAsync("/v1/auth/login", new { email = user.Email, password = Api.Password })).ShouldBeOk());
        }
    }
}
