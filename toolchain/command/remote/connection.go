// Package remote runs commands on, and copies files to, machines reached over SSH.
package remote

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// Endpoint is one SSH server and the means to log in.
type Endpoint struct {
	Host               string   `pulumi:"host"`
	Port               *float64 `pulumi:"port,optional"`
	User               *string  `pulumi:"user,optional"`
	Password           *string  `pulumi:"password,optional"`
	PrivateKey         *string  `pulumi:"privateKey,optional"`
	PrivateKeyPassword *string  `pulumi:"privateKeyPassword,optional"`
	AgentSocketPath    *string  `pulumi:"agentSocketPath,optional"`
	HostKey            *string  `pulumi:"hostKey,optional"`
	DialErrorLimit     *int     `pulumi:"dialErrorLimit,optional"`
	PerDialTimeout     *int     `pulumi:"perDialTimeout,optional"`
}

// Connection is how the machine is reached, directly or through a bastion host.
type Connection struct {
	Endpoint
	Proxy *Endpoint `pulumi:"proxy,optional"`
}

const (
	firstRetry = 100 * time.Millisecond
	lastRetry  = 5 * time.Second
)

// errHostKey ends the retries: a wrong host key does not become the right one.
var errHostKey = errors.New("the host key is not the expected one")

// Dial logs in, and retries until the limits of the endpoints are reached.
func (c Connection) Dial(ctx context.Context) (*ssh.Client, error) {
	var direct net.Dialer
	if c.Proxy == nil {
		return c.retry(ctx, direct.DialContext)
	}
	proxy, err := c.Proxy.retry(ctx, direct.DialContext)
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	client, err := c.retry(ctx, proxy.DialContext)
	if err != nil {
		proxy.Close()
		return nil, err
	}
	go func() {
		client.Wait()
		proxy.Close()
	}()
	return client, nil
}

type dialer func(ctx context.Context, network, address string) (net.Conn, error)

func (e Endpoint) retry(ctx context.Context, dial dialer) (*ssh.Client, error) {
	config, err := e.config()
	if err != nil {
		return nil, err
	}
	limit := or(e.DialErrorLimit, 10)
	for errs, delay := 1, firstRetry; ; errs, delay = errs+1, min(delay*3/2, lastRetry) {
		client, err := e.login(ctx, dial, config)
		if err == nil {
			return client, nil
		}
		if errors.Is(err, errHostKey) || ctx.Err() != nil || limit >= 0 && errs > limit {
			return nil, fmt.Errorf("ssh %s@%s, attempt %d: %w", config.User, e.address(), errs, err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(delay):
		}
	}
}

func (e Endpoint) login(ctx context.Context, dial dialer, config *ssh.ClientConfig) (*ssh.Client, error) {
	if seconds := or(e.PerDialTimeout, 15); seconds > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Duration(seconds)*time.Second)
		defer cancel()
	}
	conn, err := dial(ctx, "tcp", e.address())
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	sshConn, channels, requests, err := ssh.NewClientConn(conn, e.address(), config)
	if err != nil {
		conn.Close()
		return nil, errors.Join(err, ctx.Err())
	}
	return ssh.NewClient(sshConn, channels, requests), nil
}

func (e Endpoint) address() string {
	return net.JoinHostPort(e.Host, strconv.Itoa(int(or(e.Port, 22))))
}

func (e Endpoint) config() (*ssh.ClientConfig, error) {
	config := &ssh.ClientConfig{User: or(e.User, "root"), HostKeyCallback: ssh.InsecureIgnoreHostKey()}
	if e.HostKey != nil {
		want, _, _, _, err := ssh.ParseAuthorizedKey([]byte(*e.HostKey))
		if err != nil {
			return nil, fmt.Errorf("hostKey must be a public key as in \"ssh-ed25519 AAAA...\": %w", err)
		}
		config.HostKeyAlgorithms = algorithms(want.Type())
		config.HostKeyCallback = func(_ string, _ net.Addr, got ssh.PublicKey) error {
			if string(got.Marshal()) != string(want.Marshal()) {
				return fmt.Errorf("%w: expected %s, got %s", errHostKey,
					ssh.FingerprintSHA256(want), ssh.FingerprintSHA256(got))
			}
			return nil
		}
	}
	if e.PrivateKey != nil {
		signer, err := parseKey([]byte(*e.PrivateKey), e.PrivateKeyPassword)
		if err != nil {
			return nil, fmt.Errorf("privateKey: %w", err)
		}
		config.Auth = append(config.Auth, ssh.PublicKeys(signer))
	}
	if e.Password != nil {
		config.Auth = append(config.Auth, ssh.Password(*e.Password), ssh.KeyboardInteractive(
			func(_, _ string, questions []string, _ []bool) ([]string, error) {
				answers := make([]string, len(questions))
				for i := range answers {
					answers[i] = *e.Password
				}
				return answers, nil
			}))
	}
	socket := or(e.AgentSocketPath, "")
	if len(config.Auth) == 0 && socket == "" {
		socket = os.Getenv("SSH_AUTH_SOCK")
	}
	if socket != "" {
		conn, err := net.Dial("unix", socket)
		if err != nil {
			return nil, fmt.Errorf("SSH agent: %w", err)
		}
		config.Auth = append(config.Auth, ssh.PublicKeysCallback(agent.NewClient(conn).Signers))
	}
	return config, nil
}

// algorithms are those under which a server proves a host key of the type: RSA has newer ones than its name.
func algorithms(keyType string) []string {
	if keyType == ssh.KeyAlgoRSA {
		return []string{ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256}
	}
	return []string{keyType}
}

func parseKey(pem []byte, password *string) (ssh.Signer, error) {
	if password != nil {
		return ssh.ParsePrivateKeyWithPassphrase(pem, []byte(*password))
	}
	return ssh.ParsePrivateKey(pem)
}

func or[T any](value *T, fallback T) T {
	if value == nil {
		return fallback
	}
	return *value
}
