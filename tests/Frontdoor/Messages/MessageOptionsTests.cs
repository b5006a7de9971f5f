using System.ComponentModel.DataAnnotations;
using StellarPay.Frontdoor.Messages;

namespace StellarPay.Frontdoor.Tests.Messages;

public sealed class MessageOptionsTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    [Fact]
    public void Nothing_set_is_nothing_wrong() => Wrongs(new MessageOptions()).ShouldBeEmpty();

    [Theory]
    [InlineData("mail.example.com", "StartTls", "no-reply@example.com", "", "", null)]
    [InlineData("127.0.0.1", "None", "no-reply@example.com", "", "", null)]
    [InlineData("mail.example.com", "Tls", "", "", "", "StellarPay:Messages:Smtp:From must be")]
    [InlineData("mail.example.com", "None", "no-reply@example.com", "", "", "StellarPay:Messages:Smtp:Security may be None")]
    [InlineData("mail.example.com", "Tls", "no-reply@example.com", "me", "", "StellarPay:Messages:Smtp:User and Password")]
    public void A_mail_server_that_is_set_wrong_is_told(
        string host, string security, string from, string user, string password, string? wrong)
    {
        var options = new MessageOptions
        {
            Smtp = new SmtpSettings
            {
                Host = host, Security = Enum.Parse<SmtpSecurity>(security), From = from, User = user, Password = password,
            },
        };

        ShouldSay(options, wrong);
    }

    [Theory]
    [InlineData("https://sms.example.com/send", Secret, null)]
    [InlineData("http://127.0.0.1:8080/send", Secret, null)]
    [InlineData("http://sms.example.com/send", Secret, "StellarPay:Messages:Sms:Url must be an https URL")]
    [InlineData("sms.example.com", Secret, "StellarPay:Messages:Sms:Url must be an https URL")]
    [InlineData("https://sms.example.com/send", "short", "StellarPay:Messages:Sms:Secret must have")]
    public void A_webhook_that_is_set_wrong_is_told(string url, string secret, string? wrong) =>
        ShouldSay(new MessageOptions { Sms = new SmsSettings { Url = url, Secret = secret } }, wrong);

    private static void ShouldSay(MessageOptions options, string? wrong)
    {
        if (wrong is null)
        {
            Wrongs(options).ShouldBeEmpty();
        }
        else
        {
            Wrongs(options).ShouldHaveSingleItem().ShouldStartWith(wrong);
        }
    }

    private static string[] Wrongs(MessageOptions options) =>
        [.. options.Validate(new ValidationContext(options)).Select(result => result.ErrorMessage!)];
}
