#include "redis_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define START_MAX_MS 60000
#define ARGUMENTS_MAX 48

static void fail(const char *what)
{
	fprintf(stderr, "redis_server: %s\n", what);
	abort();
}

static void nap(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 5 * 1000 * 1000 }, NULL);
}

static void run(struct redis_server *server)
{
	const char *words[ARGUMENTS_MAX] = {
		"redis-server",
		"--unixsocket",
		server->socket,
		"--dir",
		server->folder,
		"--appendonly",
		"yes",
		"--appendfsync",
		"no",
		"--save",
		"",
		"--loglevel",
		"warning",
		"--logfile",
		"log",
		"--port",
	};
	size_t count = 16;
	char port[16];

	snprintf(port, sizeof(port), "%d", server->port);
	words[count++] = port;
	for (size_t i = 0; server->arguments != NULL && server->arguments[i] != NULL; i++) {
		if (count == ARGUMENTS_MAX - 1)
			fail("too many arguments");
		words[count++] = server->arguments[i];
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	execvp(words[0], (char *const *)(uintptr_t)words);
	_exit(127);
}

/* Whether it answers, be it that it wants a password. */
static bool answers(struct redis_server *server)
{
	redisContext *context = redisConnectUnix(server->socket);
	redisReply *reply = NULL;
	bool yes;

	if (context != NULL && context->err == 0)
		reply = redisCommand(context, "PING");
	yes = reply != NULL &&
	      (reply->type == REDIS_REPLY_STATUS || strncmp(reply->str, "NOAUTH", 6) == 0);
	if (reply != NULL)
		freeReplyObject(reply);
	if (context != NULL)
		redisFree(context);
	return yes;
}

void redis_server_restart(struct redis_server *server)
{
	int waited = 0;

	server->pid = fork();
	if (server->pid == 0)
		run(server);
	while (!answers(server)) {
		if ((waited += 5) > START_MAX_MS || waitpid(server->pid, NULL, WNOHANG) != 0)
			fail("redis-server does not start");
		nap();
	}
}

void redis_server_start(struct redis_server *server, const char *const *arguments)
{
	server->context = NULL;
	server->arguments = arguments;
	strcpy(server->folder, "/tmp/najimi-test-XXXXXX");
	if (mkdtemp(server->folder) == NULL)
		fail("no temporary folder");
	snprintf(server->socket, sizeof(server->socket), "%s/sock", server->folder);
	redis_server_restart(server);
}

/* A port that is free now, and most likely still will be. */
void redis_server_listen(struct redis_server *server)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		                       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &length) < 0)
		fail("no free port");
	server->port = ntohs(address.sin_port);
	close(fd);
}

static void forget_context(struct redis_server *server)
{
	if (server->context != NULL)
		redisFree(server->context);
	server->context = NULL;
}

void redis_server_kill(struct redis_server *server)
{
	forget_context(server);
	if (server->pid == 0)
		return;
	kill(server->pid, SIGKILL);
	waitpid(server->pid, NULL, 0);
	server->pid = 0;
}

void redis_server_stop(struct redis_server *server)
{
	char command[128];

	redis_server_kill(server);
	snprintf(command, sizeof(command), "rm -rf '%s'", server->folder);
	if (system(command) != 0)
		fail("the folder stays");
	server->port = 0;
}

static redisReply *ask(struct redis_server *server, const char *format, va_list words)
{
	redisReply *reply;

	if (server->context == NULL)
		server->context = redisConnectUnix(server->socket);
	reply = redisvCommand(server->context, format, words);
	if (reply == NULL)
		fail(server->context->errstr);
	return reply;
}

redisReply *redis_server_ask(struct redis_server *server, const char *format, ...)
{
	redisReply *reply;
	va_list words;

	va_start(words, format);
	reply = ask(server, format, words);
	va_end(words);
	return reply;
}

const char *redis_server_text(struct redis_server *server, const char *format, ...)
{
	static char text[65536];
	redisReply *reply;
	va_list words;

	va_start(words, format);
	reply = ask(server, format, words);
	va_end(words);
	snprintf(text, sizeof(text), "%s", reply->str == NULL ? "" : reply->str);
	freeReplyObject(reply);
	return text;
}

long long redis_server_number(struct redis_server *server, const char *format, ...)
{
	redisReply *reply;
	long long number;
	va_list words;

	va_start(words, format);
	reply = ask(server, format, words);
	va_end(words);
	number = reply->type == REDIS_REPLY_STRING ? atoll(reply->str) : reply->integer;
	freeReplyObject(reply);
	return number;
}
