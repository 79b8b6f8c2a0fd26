using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Palio.Registry;

/// <summary>Counts failed sign-ins per minute, by user name with address and by address alone, so that tokens cannot be guessed at speed.</summary>
internal sealed class SignInThrottle(IOptions<RegistryOptions> options, TimeProvider time)
{
    private const int Window = 60;
    private const int AddressFactor = 10;
    private const int MaxEntries = 20_000;
    private const int LongestName = 100;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _failures = [];
    private long _minute;

    /// <summary>Seconds to wait, or null when another try is allowed.</summary>
    public int? Wait(string userName, string address)
    {
        var most = options.Value.MaxSignInFailuresPerMinute;
        lock (_lock)
        {
            var left = TurnUnsynchronized();
            var full = _failures.GetValueOrDefault(Key(userName, address)) >= most || _failures.GetValueOrDefault(address) >= most * AddressFactor;
            return full ? left : null;
        }
    }

    /// <summary>The address failures are counted under: of IPv6 the network, as a caller has all of it.</summary>
    public static string AddressOf(IPAddress? address)
    {
        if (address is null or { AddressFamily: not AddressFamily.InterNetworkV6 } or { IsIPv4MappedToIPv6: true })
        {
            return address?.ToString() ?? "";
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes).ToString();
    }

    public void Failed(string userName, string address)
    {
        lock (_lock)
        {
            TurnUnsynchronized();
            if (_failures.Count < MaxEntries)
            {
                CountUnsynchronized(Key(userName, address));
            }

            CountUnsynchronized(address);
        }
    }

    // All counts fall together at the turn of the minute: the table can neither grow nor need sweeping.
    private int TurnUnsynchronized()
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        if (now / Window != _minute)
        {
            _minute = now / Window;
            _failures.Clear();
        }

        return (int)(Window - (now % Window));
    }

    private void CountUnsynchronized(string key) => _failures[key] = _failures.GetValueOrDefault(key) + 1;

    // A name is what a stranger typed: cut, so that the table stays small.
    private static string Key(string userName, string address) => $"{address}\n{(userName.Length > LongestName ? userName[..LongestName] : userName)}";
}
