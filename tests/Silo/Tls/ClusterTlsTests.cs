using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StellarPay.Silo.Hosting.Tls;
using StellarPay.Silo.Tests.Access;

namespace StellarPay.Silo.Tests.Tls;

/// <summary>Who reaches a silo's ports calls nothing, unless the cluster's authority signed his certificate.</summary>
public sealed class ClusterTlsTests(TlsCluster cluster) : IClassFixture<TlsCluster>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Silos_with_certificates_of_the_cluster_find_each_other_and_serve_front_doors_that_have_one()
    {
        (await cluster.AliveAsync()).ShouldBe(2);
        using var door = cluster.FrontDoor(cluster.Certificates);
        await door.StartAsync(Cancelled);
        var grains = door.Services.GetRequiredService<IGrainFactory>();

        // Enough for some to be on either silo.
        for (var i = 0; i < 20; i++)
        {
            (await grains.GetGrain<IVisitedGrain>($"visited_tls_{i}").LookAsync()).ShouldBe(0);
        }

        await door.StopAsync(Cancelled);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_front_door_without_one_or_with_a_strangers_is_served_nothing(bool withStrangers)
    {
        using var door = cluster.FrontDoor(withStrangers ? cluster.Strangers : null);

        await Should.ThrowAsync<Exception>(() => door.StartAsync(Cancelled));

        (await cluster.AliveAsync()).ShouldBe(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_speaks_in_clear_is_hung_up_on(bool siloPort)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(siloPort ? cluster.SiloPort : cluster.Gateway, Cancelled);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: silo\r\n\r\n"), Cancelled);

        var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, Cancelled).WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        }
        catch (IOException)
        {
            // Reset is hung up too.
        }

        // At most TLS' own alert.
        answer.Length.ShouldBeLessThan(16);
    }

    [Theory]
    [InlineData("10.0.0.11", false)]
    [InlineData("2001:db8::11", false)]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    public async Task In_production_without_certificates_nothing_connects_to_another_machine(string address, bool connects)
    {
        using var services = new ServiceCollection().BuildServiceProvider();
        var builder = new ConnectionBuilder(services);
        ClusterTls.StayAtHome(builder);
        var connected = false;
        builder.Run(_ =>
        {
            connected = true;
            return Task.CompletedTask;
        });
        var connection = new DefaultConnectionContext { RemoteEndPoint = new IPEndPoint(IPAddress.Parse(address), 30000) };

        var connecting = builder.Build();
        if (connects)
        {
            await connecting(connection);
        }
        else
        {
            (await Should.ThrowAsync<ConnectionAbortedException>(() => connecting(connection))).Message.ShouldContain("STELLARPAY_CLUSTER_TLS");
        }

        connected.ShouldBe(connects);
    }
}
