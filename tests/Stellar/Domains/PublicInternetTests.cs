using System.Net;
using System.Net.Sockets;
using StellarPay.Stellar.Domains;

namespace StellarPay.Stellar.Tests.Domains;

public class PublicInternetTests
{
    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.1")]
    [InlineData("2606:4700::1111")]
    [InlineData("::ffff:8.8.8.8")]
    public void These_are_public(string address) => PublicInternet.IsPublic(IPAddress.Parse(address)).ShouldBeTrue();

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("fc00::1")]
    [InlineData("fe80::1")]
    [InlineData("ff02::1")]
    public void These_are_not(string address) => PublicInternet.IsPublic(IPAddress.Parse(address)).ShouldBeFalse();

    [Fact]
    public async Task A_private_host_is_never_connected_to()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var http = new HttpClient(PublicInternet.CreateHandler());
        var failure = await Should.ThrowAsync<HttpRequestException>(
            () => http.GetAsync($"http://localhost:{port}/", TestContext.Current.CancellationToken));
        failure.ToString().ShouldContain("The host is not on the public internet.");
        listener.Pending().ShouldBeFalse();
    }
}
